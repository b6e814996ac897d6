/** Figures with their names, which do not jump while they change; of live ones only those that changed are drawn again. */
import { Tooltip } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import classes from './figures.module.css';

export interface FigureItem {
  name: string;
  value: ReactNode;
  /** What it is, for the tooltip. */
  title?: string;
  /** The one that is looked at first, among small ones. */
  strong?: boolean;
}

interface Props {
  label?: string;
  /** Small ones stand beside other things, tiles are the result itself. */
  look?: 'row' | 'small' | 'tiles';
  items: readonly FigureItem[];
}

export function Figures({ label, look = 'row', items }: Props) {
  return (
    <dl className={classes.figures} data-look={look} aria-label={label}>
      {items.map((item) => (
        <Figure key={item.name} {...item} />
      ))}
    </dl>
  );
}

const Figure = memo(function Figure({ name, value, title, strong }: FigureItem) {
  const figure = (
    <div data-strong={strong}>
      <dt>{name}</dt>
      <dd className="gb-num">{value}</dd>
    </div>
  );
  return title === undefined ? figure : <Tooltip label={title}>{figure}</Tooltip>;
});
