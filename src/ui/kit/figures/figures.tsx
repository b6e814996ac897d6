/** A row of live figures that does not jump while they change; only those that changed are drawn again. */
import { Tooltip } from '@mantine/core';
import { memo } from 'react';
import classes from './figures.module.css';

export interface FigureItem {
  name: string;
  value: string | number;
  /** What it is, for the tooltip. */
  title: string;
}

export function Figures({ label, items }: { label: string; items: readonly FigureItem[] }) {
  return (
    <dl className={classes.figures} aria-label={label}>
      {items.map((item) => (
        <Figure key={item.name} {...item} />
      ))}
    </dl>
  );
}

const Figure = memo(function Figure({ name, value, title }: FigureItem) {
  return (
    <Tooltip label={title}>
      <div>
        <dt>{name}</dt>
        <dd className="gb-num">{value}</dd>
      </div>
    </Tooltip>
  );
});
