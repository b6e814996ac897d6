/** A sentence beside what it explains, quieter than that. */
import type { ComponentPropsWithRef } from 'react';
import { classNames } from './class-names.ts';
import classes from './hint.module.css';

export function Hint({ className, ...rest }: ComponentPropsWithRef<'p'>) {
  return <p {...rest} className={classNames(classes.hint, className)} />;
}
