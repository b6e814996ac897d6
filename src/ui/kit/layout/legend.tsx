/** What colours stand for: a list whose items begin with an empty `i` in the colour. */
import type { ComponentPropsWithRef } from 'react';
import { classNames } from './class-names.ts';
import classes from './legend.module.css';

export function Legend({ className, ...rest }: ComponentPropsWithRef<'ul'>) {
  return <ul aria-label="Legend" {...rest} className={classNames(classes.legend, className)} />;
}
