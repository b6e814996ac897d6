/** Choices in a row, each on or off: buttons with `aria-pressed`. */
import type { ComponentPropsWithRef } from 'react';
import classes from './chips.module.css';

export function Chips(props: Omit<ComponentPropsWithRef<'div'>, 'className' | 'role'>) {
  return <div {...props} className={classes.chips} role="group" />;
}
