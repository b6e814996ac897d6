/** A matrix as a picture with the names of its rows and columns; what the pointer or the arrow keys are at is set off, and told below. */
import { useElementSize } from '@mantine/hooks';
import type { CSSProperties, ReactNode } from 'react';
import { CellSurface } from './cell-surface.tsx';
import type { Cell } from './cells.ts';
import classes from './heat-map.module.css';

interface Axis {
  title: string | null;
  names: readonly string[];
}

interface Props {
  rows: Axis;
  columns: Axis;
  /** What it is, and what its keys do. */
  label: string;
  cell: Cell | null;
  /** Where the keys begin. */
  start?: Cell;
  onCell: (cell: Cell | null) => void;
  onChoose?: (cell: Cell) => void;
  /** A row that was chosen. */
  chosenRow?: number | null;
  maxWidth: string;
  picture: ReactNode;
  /** What is told of the cell. */
  children: ReactNode;
}

/** What one name takes of its side. */
const NAME_PX = 15;

export function HeatMap({ rows, columns, label, cell, start, onCell, onChoose, chosenRow = null, maxWidth, picture, children }: Props) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const size = { rows: rows.names.length, columns: columns.names.length };
  const row = (index: number): CSSProperties => ({ top: `${(100 * index) / size.rows}%`, height: `${100 / size.rows}%` });
  const column = (index: number): CSSProperties => ({ left: `${(100 * index) / size.columns}%`, width: `${100 / size.columns}%` });
  return (
    <div className={classes.heatMap}>
      <div className={classes.map} style={{ maxWidth }}>
        {rows.title !== null && <span className={classes.title}>{rows.title}</span>}
        <Names side="rows" names={rows.names} length={height} on={cell?.row ?? chosenRow} />
        <CellSurface
          ref={ref}
          size={size}
          cell={cell}
          {...(start && { start })}
          onCell={onCell}
          {...(onChoose && { onChoose })}
          className={classes.cells}
          style={{
            aspectRatio: `${size.columns} / ${size.rows}`,
            // A few long rows stay thick enough to be seen, and to be named each; the border is inside.
            minHeight: `${Math.min(size.rows, 8) * NAME_PX + 2}px`,
          }}
          aria-roledescription="heat map"
          aria-label={label}
        >
          {picture}
          {chosenRow !== null && chosenRow < size.rows && <span className={classes.chosen} style={row(chosenRow)} />}
          {cell && (
            <>
              <span className={classes.band} style={row(cell.row)} />
              <span className={classes.band} style={column(cell.column)} />
            </>
          )}
        </CellSurface>
        <Names side="columns" names={columns.names} length={width} on={cell?.column ?? null} />
        {columns.title !== null && <span className={classes.title}>{columns.title}</span>}
      </div>
      <div className={classes.reading} aria-live="polite">
        {children}
      </div>
    </div>
  );
}

interface NamesProps {
  side: 'rows' | 'columns';
  names: readonly string[];
  length: number;
  /** The one that is set off, whether there is room for it or not. */
  on: number | null;
}

/** Names beside their rows or below their columns; where there is no room for all, every second, third … of them. */
function Names({ side, names, length, on }: NamesProps) {
  if (length === 0) return <div className={classes.names} data-side={side} />;
  const every = Math.ceil((names.length * NAME_PX) / length);
  /** By the one that is set off: half a name is worse than none. */
  const isCovered = (index: number) => on !== null && (Math.abs(index - on) * length) / names.length < NAME_PX;
  return (
    // What is told below has them with their values.
    <div className={classes.names} data-side={side} aria-hidden="true">
      {/* What makes room; the others are laid over it. */}
      <span className={classes.longest}>{names.reduce((longest, name) => (name.length > longest.length ? name : longest), '')}</span>
      {names.map((name, index) => {
        if (index !== on && (index % every !== 0 || isCovered(index))) return null;
        const at = `${((index + 0.5) / names.length) * 100}%`;
        return (
          <span
            key={index}
            className={classes.name}
            data-on={index === on || undefined}
            style={side === 'rows' ? { top: at } : { left: at }}
          >
            {name}
          </span>
        );
      })}
    </div>
  );
}
