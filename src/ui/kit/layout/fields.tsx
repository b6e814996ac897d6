/** How a form lays out its fields: one below the other, two beside each other, a note below one, what sends it at the end. */
import type { ComponentPropsWithRef, ReactNode } from 'react';
import classes from './fields.module.css';

export function FormStack(props: Omit<ComponentPropsWithRef<'form'>, 'className'>) {
  return <form {...props} className={classes.stack} />;
}

export function Pair(props: Omit<ComponentPropsWithRef<'div'>, 'className'>) {
  return <div {...props} className={classes.pair} />;
}

export function FieldLabel(props: Omit<ComponentPropsWithRef<'span'>, 'className'>) {
  return <span {...props} className={classes.label} />;
}

export function FieldNote(props: Omit<ComponentPropsWithRef<'p'>, 'className'>) {
  return <p {...props} className={classes.note} />;
}

/** Stays in sight at the end of a long form. */
export function Submit(props: Omit<ComponentPropsWithRef<'div'>, 'className'>) {
  return <div {...props} className={classes.submit} />;
}

/** Fields that belong together, under a name. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.group}>
      <legend className="gb-label">{title}</legend>
      {children}
    </fieldset>
  );
}
