/** A button that is a picture, with its name for those who can't see it and for those who point at it. */
import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';

interface Props extends ActionIconProps, Omit<ComponentPropsWithoutRef<'button'>, keyof ActionIconProps> {
  icon: IconName;
  label: string;
  /** What pointing at it says, where its name is not enough. */
  tip?: ReactNode;
}

export function IconButton({ icon, label, tip = label, ...rest }: Props) {
  return (
    <Tooltip label={tip}>
      <ActionIcon aria-label={label} {...rest}>
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
}
