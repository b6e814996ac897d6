/** Copies a text and says that it did. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { copyText } from '../../environment/clipboard.ts';
import { Icon, type IconName } from './icons.tsx';

interface Props {
  /** What to copy; a function where making it costs. */
  text: string | (() => string | Promise<string>);
  label?: string;
  icon?: IconName;
  size?: number;
}

export function CopyButton({ text, label = 'Copy', icon = 'copy', size = 28 }: Props) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), 1600);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    try {
      await copyText(typeof text === 'string' ? text : await text());
      setState('copied');
    } catch {
      setState('failed');
    }
  };
  const says = state === 'copied' ? 'Copied' : state === 'failed' ? 'The browser refused the clipboard' : label;
  return (
    <Tooltip label={says} {...(state !== 'idle' && { opened: true })}>
      <ActionIcon size={size} aria-label={label} onClick={() => void copy()}>
        <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'warning' : icon} />
        <span className="gb-sr-only" role="status">
          {state === 'idle' ? '' : says}
        </span>
      </ActionIcon>
    </Tooltip>
  );
}
