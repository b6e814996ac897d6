/** What is to be known of a thing: names, and beside each what it is; or below it, where that is a sentence. */
import type { ComponentPropsWithRef, ReactNode } from 'react';
import classes from './facts.module.css';

interface FactsProps {
  below?: boolean;
  label?: string;
  children: ReactNode;
}

export function Facts({ below, label, children }: FactsProps) {
  return (
    <dl className={classes.facts} data-below={below} aria-label={label}>
      {children}
    </dl>
  );
}

interface FactProps extends ComponentPropsWithRef<'div'> {
  name: ReactNode;
  /** Beside the name, where the fact stands below. */
  aside?: ReactNode;
}

export function Fact({ name, aside, children, ...rest }: FactProps) {
  return (
    <div {...rest}>
      <dt>
        {name}
        {aside !== undefined && <span>{aside}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
