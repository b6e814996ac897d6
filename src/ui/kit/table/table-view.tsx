/** A table that a script made: sorted by a click on a column, copied as tab-separated text. */
import { useMemo, useState } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { withMinus } from '../format.ts';
import { useNameText } from '../model/use-token-label.ts';
import classes from '../plot/output.module.css';
import { cellText } from '../json/shown.ts';

interface Props {
  title: string | null;
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

const PAGE = 100;
/** Characters that want room to stand in. */
const LONG_TEXT = 48;

interface Order {
  column: number;
  descending: boolean;
}

export function TableView({ title, columns, rows }: Props) {
  const [order, setOrder] = useState<Order | null>(null);
  const [shown, setShown] = useState(PAGE);
  const sorted = useMemo(
    () => (order ? rows.toSorted((a, b) => compare(a[order.column], b[order.column]) * (order.descending ? -1 : 1)) : rows),
    [rows, order],
  );
  const numeric = useMemo(
    () =>
      columns.map(
        (_, i) => rows.some((row) => typeof row[i] === 'number') && rows.every((row) => typeof row[i] === 'number' || row[i] === null),
      ),
    [columns, rows],
  );
  const readable = useNameText();
  const sortBy = (column: number) =>
    setOrder((was) =>
      was?.column !== column
        ? { column, descending: numeric[column] ?? false }
        : was.descending === (numeric[column] ?? false)
          ? { column, descending: !was.descending }
          : null,
    );

  return (
    <figure className={classes.figure}>
      <figcaption>
        <span>{title ?? 'Table'}</span>
        <span className={classes.count}>
          {rows.length.toLocaleString('en')} {rows.length === 1 ? 'row' : 'rows'}
        </span>
        <CopyButton
          label="Copy as tab-separated text"
          text={() => [columns, ...sorted.map((row) => row.map(cellText))].map((row) => row.join('\t')).join('\n')}
        />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <section className={classes.scroll} tabIndex={0} aria-label={title ?? 'Table'}>
        <table>
          <thead>
            <tr>
              {columns.map((name, i) => (
                <th
                  key={name}
                  data-numeric={numeric[i] || undefined}
                  aria-sort={order?.column === i ? (order.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" onClick={() => sortBy(i)}>
                    {name}
                    <span aria-hidden="true">{order?.column === i ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((row, i) => (
              // Rows have no other identity.
              <tr key={i}>
                {row.map((cell, j) => {
                  const text = cellText(withReadable(cell, readable));
                  return (
                    <td key={columns[j]} data-numeric={numeric[j] || undefined} data-long={text.length > LONG_TEXT || undefined}>
                      {typeof cell === 'number' ? withMinus(text) : text}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > shown && (
        <button type="button" className={classes.more} onClick={() => setShown(shown + PAGE * 10)}>
          … {(rows.length - shown).toLocaleString('en')} more rows
        </button>
      )}
    </figure>
  );
}

/** A text, or the texts of a list, such as `tokens`; a copy has what the script gave. */
function withReadable(cell: unknown, readable: (text: string) => string): unknown {
  if (typeof cell === 'string') return readable(cell);
  return Array.isArray(cell) ? cell.map((each: unknown) => (typeof each === 'string' ? readable(each) : each)) : cell;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return cellText(a).localeCompare(cellText(b), 'en', { numeric: true });
}
