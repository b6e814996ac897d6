/** What there is to choose from: links in groups beside the one that is open, a select where it is narrow. */
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import classes from './computation.module.css';
import { Badge, type Tone } from '../kit/layout/badge.tsx';
import { SideGroup, SideItem, SideList } from '../kit/layout/side-list.tsx';

export interface Choice {
  id: string;
  title: string;
  /** Below the title; the id unless given. */
  detail?: string;
  badge?: { text: string; tone: Tone; why?: string } | undefined;
}

export interface ChoiceGroup {
  title: string;
  items: readonly Choice[];
}

interface Props {
  label: string;
  groups: readonly ChoiceGroup[];
  /** Null where the address names none of them. */
  selected: string | null;
  /** Where the items live: `/computation/kernels`. */
  base: string;
  /** Above the list. */
  children?: ReactNode;
}

export function Chooser({ label, groups, selected, base, children }: Props) {
  const [, navigate] = useLocation();
  const hrefOf = (id: string) => `${base}/${encodeURIComponent(id)}`;
  return (
    <>
      <SideList label={label}>
        {children}
        {groups.map(({ title, items }) => (
          <SideGroup key={title} title={title}>
            {items.map(({ id, title: name, detail = id, badge }) => (
              <SideItem key={id} title={name} detail={detail} isOpen={id === selected} to={hrefOf(id)}>
                {badge && (
                  <Badge tone={badge.tone} title={badge.why}>
                    {badge.text}
                  </Badge>
                )}
              </SideItem>
            ))}
          </SideGroup>
        ))}
      </SideList>
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
