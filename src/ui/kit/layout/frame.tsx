/** A panel as a whole: its bar, and below it what happens in the wide column beside what rules it in the narrow one. */
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import classes from './frame.module.css';

export function Frame({ className, ...rest }: ComponentPropsWithRef<'div'>) {
  return <div {...rest} className={classNames(classes.frame, className)} />;
}

/** @param title left out where it is narrow, unless `keepsTitle` */
export function PanelBar({ title, keepsTitle, children }: { title?: string | undefined; keepsTitle?: boolean; children: ReactNode }) {
  return (
    <header className={classes.bar} data-keeps-title={keepsTitle}>
      {title !== undefined && <h1>{title}</h1>}
      {children}
    </header>
  );
}

/** Takes what room there is. */
export function Spring({ className }: { className?: string | undefined }) {
  return <span className={classNames(classes.spring, className)} />;
}

interface ColumnsProps {
  /** Of the narrow column. */
  width?: string;
  /** The narrow column is a form that makes what the other shows. */
  formFirst?: boolean;
  children: ReactNode;
}

export function Columns({ width = '20rem', formFirst, children }: ColumnsProps) {
  const style: Record<string, string> = { '--side': width };
  return (
    <div className={classes.columns} style={style} data-form-first={formFirst}>
      {children}
    </div>
  );
}

export function Main(props: Omit<ComponentPropsWithRef<'div'>, 'className'>) {
  return <div {...props} className={classes.main} />;
}

export function Side(props: Omit<ComponentPropsWithRef<'aside'>, 'className'>) {
  return <aside {...props} className={classes.side} />;
}

/** What a column says while there is nothing in it yet. */
export function Blank({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.blank}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
