/** A table that a script made, of cells of any kind: copied as tab-separated text in the order that it has. */
import { useMemo, useState } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { withMinus } from '../format.ts';
import { useNameText } from '../model/use-token-label.ts';
import classes from '../plot/output.module.css';
import { cellText } from '../json/shown.ts';
import { type Order, sortRows } from './order.ts';
import { type Column, Table } from './table.tsx';

type Row = readonly unknown[];

interface Props {
  title: string | null;
  columns: readonly string[];
  rows: readonly Row[];
}

/** Characters that want room to stand in. */
const LONG_TEXT = 48;

export function TableView({ title, columns: names, rows }: Props) {
  const [order, setOrder] = useState<Order | null>(null);
  const readable = useNameText();
  const columns = useMemo(() => names.map((name, i) => columnOf(name, i, rows, readable)), [names, rows, readable]);
  return (
    <figure className={classes.figure}>
      <figcaption>
        <span>{title ?? 'Table'}</span>
        <span className={classes.count}>
          {rows.length.toLocaleString('en')} {rows.length === 1 ? 'row' : 'rows'}
        </span>
        <CopyButton
          label="Copy as tab-separated text"
          text={() => [names, ...sortRows(rows, columns, order).map((row) => row.map(cellText))].map((row) => row.join('\t')).join('\n')}
        />
      </figcaption>
      <Table
        label={title ?? 'Table'}
        columns={columns}
        rows={rows}
        // Rows have no other identity.
        keyOf={(_, index) => index}
        order={order}
        onOrder={setOrder}
      />
    </figure>
  );
}

function columnOf(name: string, i: number, rows: readonly Row[], readable: (text: string) => string): Column<Row> {
  const numeric = rows.some((row) => typeof row[i] === 'number') && rows.every((row) => typeof row[i] === 'number' || row[i] === null);
  const text = (row: Row) => cellText(withReadable(row[i], readable));
  return {
    id: name,
    numeric,
    descends: numeric,
    sortBy: ({ [i]: cell }) => (typeof cell === 'number' || cell === null ? cell : cellText(cell)),
    cell: (row) => (typeof row[i] === 'number' ? withMinus(text(row)) : text(row)),
    lookOf: (row) => (text(row).length > LONG_TEXT ? 'long' : undefined),
  };
}

/** A text, or the texts of a list, such as `tokens`; a copy has what the script gave. */
function withReadable(cell: unknown, readable: (text: string) => string): unknown {
  if (typeof cell === 'string') return readable(cell);
  return Array.isArray(cell) ? cell.map((each: unknown) => (typeof each === 'string' ? readable(each) : each)) : cell;
}
