/** A table: its columns as data, sorted by a click on a head, scrolled within its place with the heads in sight. */
import { Button } from '@mantine/core';
import { useUncontrolled } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
import { nextOrder, type Order, type Sortable, sortRows } from './order.ts';
import classes from './table.module.css';

export interface Column<Row> extends Sortable<Row> {
  /** Its id, unless this is given. */
  head?: ReactNode;
  /** What it is, for the tooltip of the head. */
  title?: string | undefined;
  /** Figures, one below the other. */
  numeric?: boolean;
  /** Names its row. */
  isHead?: boolean;
  cell: (row: Row) => ReactNode;
  /** How many columns the cell takes, for a sentence in place of figures. */
  spanOf?: (row: Row) => number;
  lookOf?: (row: Row) => CellLook | undefined;
}

/** `long` has room to stand in, `says` is a sentence about the row, `best` is the best of its column. */
export type CellLook = 'long' | 'says' | 'best' | 'strong';

interface Props<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, index: number) => string | number;
  /** For the look of a row. */
  stateOf?: (row: Row) => string;
  /** A sentence below the row. */
  noteOf?: (row: Row) => ReactNode;
  foot?: ReactNode;
  order?: Order | null;
  onOrder?: (order: Order | null) => void;
}

/** Rows drawn at first; a thousand more at each asking. */
const PAGE = 200;

export function Table<Row>({ label, columns, rows, keyOf, stateOf, noteOf, foot, ...props }: Props<Row>) {
  const [order, setOrder] = useUncontrolled({
    ...(props.order !== undefined && { value: props.order }),
    ...(props.onOrder && { onChange: props.onOrder }),
    defaultValue: null,
    finalValue: null,
  });
  const [shown, setShown] = useState(PAGE);
  const sorted = useMemo(() => sortRows(rows, columns, order), [rows, columns, order]);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <section className={classes.table} tabIndex={0} aria-label={label}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head
                  key={column.id}
                  column={column}
                  order={order?.column === column.id ? order : null}
                  onSort={() => setOrder(nextOrder(column, order))}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((row, index) => {
              const note = noteOf?.(row);
              return [
                <tr key={keyOf(row, index)} data-state={stateOf?.(row)}>
                  <Cells columns={columns} row={row} />
                </tr>,
                note && (
                  <tr key={`${keyOf(row, index)} note`} data-state={stateOf?.(row)}>
                    <td colSpan={columns.length} data-look="says">
                      {note}
                    </td>
                  </tr>
                ),
              ];
            })}
          </tbody>
          {foot && <tfoot>{foot}</tfoot>}
        </table>
      </section>
      {sorted.length > shown && (
        <Button variant="default" size="compact-sm" onClick={() => setShown(shown + 1000)}>
          {(sorted.length - shown).toLocaleString('en')} more rows
        </Button>
      )}
    </>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  order: Order | null;
  onSort: () => void;
}

function Head<Row>({ column: { id, head = id, title, numeric, sortBy }, order, onSort }: HeadProps<Row>) {
  if (!sortBy)
    return (
      <th scope="col" data-numeric={numeric || undefined} title={title}>
        {head}
      </th>
    );
  return (
    <th
      scope="col"
      data-numeric={numeric || undefined}
      title={title}
      aria-sort={order ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" onClick={onSort}>
        {head}
        <span aria-hidden="true">{order ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function Cells<Row>({ columns, row }: { columns: readonly Column<Row>[]; row: Row }) {
  let covered = 0;
  return columns.map(({ id, numeric, isHead, cell, spanOf, lookOf }) => {
    if (covered > 0) {
      covered--;
      return null;
    }
    const span = spanOf?.(row) ?? 1;
    covered = span - 1;
    if (isHead)
      return (
        <th key={id} scope="row">
          {cell(row)}
        </th>
      );
    return (
      <td key={id} colSpan={span > 1 ? span : undefined} data-numeric={(numeric && span === 1) || undefined} data-look={lookOf?.(row)}>
        {cell(row)}
      </td>
    );
  });
}
