/**
 * Stops what runs, in the place of the button that started it. A component of its own, so that it is an element of its own: were the
 * start button drawn into the same element while the click goes on, that click would submit the form and start again what it stopped.
 */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

interface Props {
  onStop: () => void;
  fullWidth?: boolean;
  children?: ReactNode;
}

export function StopButton({ onStop, fullWidth = false, children = 'Stop' }: Props) {
  return (
    <Button color="red" variant="light" fullWidth={fullWidth} leftSection={<Icon name="stop" />} onClick={onStop}>
      {children}
    </Button>
  );
}
