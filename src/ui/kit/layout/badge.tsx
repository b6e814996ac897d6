/** One word on what something is or how it ended. */
import type { ComponentPropsWithRef } from 'react';
import classes from './badge.module.css';

export type Tone = 'quiet' | 'ok' | 'warn' | 'bad' | 'accent' | 'restful' | 'direct';

export function Badge({
  tone = 'quiet',
  round,
  ...rest
}: Omit<ComponentPropsWithRef<'span'>, 'className'> & { tone?: Tone; round?: boolean }) {
  return <span {...rest} className={classes.badge} data-tone={tone} data-round={round} />;
}
