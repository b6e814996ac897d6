/** What there is to choose from, in groups beside the one that is open. */
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { Link } from 'wouter';
import classes from './side-list.module.css';

/** The list and what was chosen of it, side by side; the list is away where it is narrow, and the caller gives a select. */
export function BesideList(props: Omit<ComponentPropsWithRef<'div'>, 'className'>) {
  return <div {...props} className={classes.beside} />;
}

export function SideList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={classes.list} aria-label={label}>
      {children}
    </nav>
  );
}

export function SideGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="gb-label">{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

interface ItemProps {
  title: string;
  /** Below the title. */
  detail?: string;
  isOpen: boolean;
  /** Where it leads, or what choosing it does. */
  to: string | (() => void);
  /** Beside the title. */
  children?: ReactNode;
}

export function SideItem({ title, detail, isOpen, to, children }: ItemProps) {
  const content = (
    <>
      <span>
        {title}
        {detail !== undefined && <small>{detail}</small>}
      </span>
      {children}
    </>
  );
  return (
    <li>
      {typeof to === 'string' ? (
        <Link href={to} className={classes.item ?? ''} aria-current={isOpen ? 'true' : undefined}>
          {content}
        </Link>
      ) : (
        <button type="button" className={classes.item} aria-current={isOpen} onClick={to}>
          {content}
        </button>
      )}
    </li>
  );
}
