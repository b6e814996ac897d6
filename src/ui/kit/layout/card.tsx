/** A framed part of a panel, named by its heading; beside the heading stands what belongs to the whole. */
import type { ComponentPropsWithRef } from 'react';
import classes from './card.module.css';
import { classNames } from './class-names.ts';

interface Look {
  /** In a column that is narrow. */
  compact?: boolean;
  /** What is in it keeps its own distances. */
  flush?: boolean;
}

export function Card({ compact, flush, className, ...rest }: ComponentPropsWithRef<'section'> & Look) {
  return <section {...rest} className={classNames(classes.card, className)} data-compact={compact} data-flush={flush} />;
}

export function CardForm({ compact, ...rest }: Omit<ComponentPropsWithRef<'form'>, 'className'> & Look) {
  return <form {...rest} className={classes.card} data-compact={compact} />;
}

export function CardHead(props: Omit<ComponentPropsWithRef<'header'>, 'className'>) {
  return <header {...props} className={classes.head} />;
}
