/** What there is to choose from: links in groups beside the one that is open, a select where it is narrow. */
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import classes from './computation.module.css';

export interface SideItem {
  id: string;
  title: string;
  /** Below the title; the id unless given. */
  detail?: string;
  badge?: { text: string; kind: 'quiet' | 'warn' | 'draft'; why?: string } | undefined;
}

export interface SideGroup {
  title: string;
  items: readonly SideItem[];
}

interface Props {
  label: string;
  groups: readonly SideGroup[];
  /** Null where the address names none of them. */
  selected: string | null;
  /** Where the items live: `/computation/kernels`. */
  base: string;
  /** Above the list. */
  children?: ReactNode;
}

export function SideList({ label, groups, selected, base, children }: Props) {
  const [, navigate] = useLocation();
  const hrefOf = (id: string) => `${base}/${encodeURIComponent(id)}`;
  return (
    <>
      <nav className={classes.list} aria-label={label}>
        {children}
        {groups.map(({ title, items }) => (
          <section key={title}>
            <h2 className="gb-label">{title}</h2>
            <ul>
              {items.map(({ id, title: name, detail = id, badge }) => (
                <li key={id}>
                  <Link href={hrefOf(id)} className={classes.item ?? ''} aria-current={id === selected ? 'true' : undefined}>
                    <span>
                      {name}
                      <small>{detail}</small>
                    </span>
                    {badge && (
                      <span className={classes.badge} data-kind={badge.kind} title={badge.why}>
                        {badge.text}
                      </span>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <div className={classes.picker}>
        <NativeSelect
          aria-label={label}
          value={selected ?? ''}
          data={[
            ...(selected === null ? [{ value: '', label: 'Choose one', disabled: true }] : []),
            ...groups.map(({ title, items }) => ({
              group: title,
              items: items.map(({ id, title: name, badge }) => ({ value: id, label: badge ? `${name} (${badge.text})` : name })),
            })),
          ]}
          onChange={({ currentTarget }) => navigate(hrefOf(currentTarget.value))}
        />
        {children}
      </div>
    </>
  );
}
