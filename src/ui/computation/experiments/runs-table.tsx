/** The runs of an experiment as a table to sort: a row for each combination of the grid, repeats with their spread, failures with their reason. */
import { Button, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Combination, reasonsOf, spreadOf, stateOf } from './combinations.ts';
import { type Run, valueText } from './experiment.ts';
import classes from './experiments.module.css';
import { type Figure, figuresOf } from './figures.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';

interface Props {
  runs: readonly Run[];
  combinations: readonly Combination[];
  /** Parameters worth a column. */
  fields: readonly string[];
}

/** Rows drawn at first: an experiment may have a thousand runs, and a row a dozen figures. */
const PAGE = 200;

interface Order {
  column: string;
  descending: boolean;
}

export function RunsTable({ runs, combinations, fields }: Props) {
  const [order, setOrder] = useState<Order | null>(null);
  const [single, setSingle] = useState(false);
  const [shown, setShown] = useState(PAGE);
  const figures = figuresOf(runs).filter(({ column }) => column);
  const repeated = runs.length > combinations.length;
  const columns = single ? [...fields, 'repeat'] : fields;
  const rows = useMemo(() => (single ? runs.map(rowOf) : combinations), [single, runs, combinations]);
  const sorted = useMemo(() => sort(rows, order), [rows, order]);
  const best = useMemo(() => new Map(figures.map((figure) => [figure.id, bestOf(rows, figure)])), [rows, figures]);
  const sortBy = (column: string, descending: boolean) =>
    setOrder((was) =>
      was?.column !== column ? { column, descending } : was.descending === descending ? { column, descending: !descending } : null,
    );
  return (
    <Card aria-label="Runs">
      <CardHead>
        <h2>
          Runs <small>{repeated && !single ? 'mean ± standard deviation of the repeats' : ''}</small>
        </h2>
        {repeated && <Switch label="Each repeat" checked={single} onChange={({ currentTarget }) => setSingle(currentTarget.checked)} />}
      </CardHead>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <div className={classes.table} tabIndex={0} role="region" aria-label="Table of runs">
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <Head key={name} name={name} order={order} onSort={() => sortBy(name, false)} />
              ))}
              {columns.length === 0 && <th>plan</th>}
              {figures.map((figure) => (
                <Head
                  key={figure.id}
                  figure={figure}
                  name={figure.name}
                  order={order}
                  onSort={() => sortBy(figure.id, figure.better === 'higher')}
                />
              ))}
              {figures.length === 0 && <th>state</th>}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((row) => (
              <Row key={row.key} row={row} columns={columns} figures={figures} best={best} />
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > shown && (
        <Button variant="default" size="compact-sm" onClick={() => setShown(sorted.length)}>
          {sorted.length - shown} more rows
        </Button>
      )}
    </Card>
  );
}

const rowOf = (run: Run): Combination => ({
  key: String(run.index),
  parameters: { ...run.parameters, repeat: run.repeat + 1 },
  runs: [run],
});

function Head({ name, figure, order, onSort }: { name: string; figure?: Figure; order: Order | null; onSort: () => void }) {
  const sorted = order?.column === (figure?.id ?? name) ? order : null;
  return (
    <th
      data-number={figure ? true : undefined}
      title={figure?.title}
      aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" onClick={onSort}>
        {name}
        <span aria-hidden="true">{sorted ? (sorted.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

interface RowProps {
  row: Combination;
  columns: readonly string[];
  figures: readonly Figure[];
  /** As it is shown, by figure. */
  best: ReadonlyMap<string, string | null>;
}

const SAYS = { queued: 'waits', running: 'is measured …', cancelled: 'not measured: cancelled', failed: 'failed', done: '' } as const;

function Row({ row, columns, figures, best }: RowProps) {
  const state = stateOf(row);
  const reasons = reasonsOf(row);
  const isMeasured = row.runs.some(({ metrics }) => metrics !== null);
  const width = Math.max(1, figures.length);
  return (
    <>
      <tr data-state={state}>
        {columns.map((name) => (
          <td key={name} className={classes.parameter}>
            {valueText(row.parameters[name])}
          </td>
        ))}
        {columns.length === 0 && <td className={classes.parameter}>alone</td>}
        {isMeasured ? (
          figures.map((figure) => <Cell key={figure.id} row={row} figure={figure} best={best.get(figure.id) ?? null} />)
        ) : (
          <td colSpan={width} className={classes.says}>
            {reasons.length > 0 ? `failed: ${reasons.join(' ')}` : SAYS[state]}
          </td>
        )}
      </tr>
      {isMeasured && reasons.length > 0 && (
        <tr data-state="failed">
          <td colSpan={columns.length + width} className={classes.says}>
            {row.runs.filter((run) => run.state === 'failed').length} of {row.runs.length} repeats failed: {reasons.join(' ')}
          </td>
        </tr>
      )}
    </>
  );
}

function Cell({ row, figure, best }: { row: Combination; figure: Figure; best: string | null }) {
  const spread = spreadOf(row, figure);
  return (
    <td data-number data-best={(spread !== null && figure.show(spread.mean) === best) || undefined}>
      {spread ? figure.show(spread.mean) : '–'}
      {spread?.deviation ? <small> ± {figure.show(spread.deviation)}</small> : null}
    </td>
  );
}

/** The best mean of a column as it is shown, where there is another to be better than. */
function bestOf(rows: readonly Combination[], figure: Figure): string | null {
  const means = rows.flatMap((row) => spreadOf(row, figure)?.mean ?? []);
  if (new Set(means.map(figure.show)).size < 2) return null;
  return figure.show(figure.better === 'higher' ? Math.max(...means) : Math.min(...means));
}

function sort(rows: readonly Combination[], order: Order | null): readonly Combination[] {
  if (!order) return rows;
  const { column, descending } = order;
  const figure = figuresOf(rows.flatMap(({ runs }) => runs)).find(({ id }) => id === column);
  const valueOf = (row: Combination): unknown => (figure ? (spreadOf(row, figure)?.mean ?? null) : row.parameters[column]);
  return rows.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    // What was not measured stands last either way.
    if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0);
    const by =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : valueText(left).localeCompare(valueText(right), 'en', { numeric: true });
    return descending ? -by : by;
  });
}
