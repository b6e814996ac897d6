/** A few words that stand out by their ground: how something ended, or what to know before one goes on. */
import type { ComponentPropsWithRef } from 'react';
import type { Tone } from './badge.tsx';
import classes from './callout.module.css';
import { classNames } from './class-names.ts';

export function Callout({ tone = 'quiet', className, ...rest }: ComponentPropsWithRef<'div'> & { tone?: Tone }) {
  return <div {...rest} className={classNames(classes.callout, className)} data-tone={tone} />;
}
