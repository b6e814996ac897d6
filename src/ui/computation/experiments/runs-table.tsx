/** The runs of an experiment as a table to sort: a row for each combination of the grid, repeats with their spread, failures with their reason. */
import { Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Combination, reasonsOf, spreadOf, stateOf } from './combinations.ts';
import type { Run } from './experiment.ts';
import { type Figure, figuresOf } from './figures.ts';
import { type Column, Table } from '../../kit/table/table.tsx';
import { parameterColumns } from './parameter-columns.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';

interface Props {
  runs: readonly Run[];
  combinations: readonly Combination[];
  /** Parameters worth a column. */
  fields: readonly string[];
}

export function RunsTable({ runs, combinations, fields }: Props) {
  const [single, setSingle] = useState(false);
  const repeated = runs.length > combinations.length;
  const rows = useMemo(() => (single ? runs.map(rowOf) : combinations), [single, runs, combinations]);
  const columns = useMemo(() => columnsOf(rows, single ? [...fields, 'repeat'] : fields, runs), [rows, single, fields, runs]);
  return (
    <Card aria-label="Runs">
      <CardHead>
        <h2>
          Runs <small>{repeated && !single ? 'mean ± standard deviation of the repeats' : ''}</small>
        </h2>
        {repeated && <Switch label="Each repeat" checked={single} onChange={({ currentTarget }) => setSingle(currentTarget.checked)} />}
      </CardHead>
      <Table label="Table of runs" columns={columns} rows={rows} keyOf={({ key }) => key} stateOf={stateOf} noteOf={someFailed} />
    </Card>
  );
}

const rowOf = (run: Run): Combination => ({
  key: String(run.index),
  parameters: { ...run.parameters, repeat: run.repeat + 1 },
  runs: [run],
});

function columnsOf(rows: readonly Combination[], fields: readonly string[], runs: readonly Run[]): Column<Combination>[] {
  const figures = figuresOf(runs).filter(({ column }) => column);
  const [first, ...others] = figures.map((figure) => figureColumn(figure, bestOf(rows, figure)));
  if (!first) return [...parameterColumns(fields), { id: 'state', cell: whyNot, lookOf: () => 'says' }];
  const instead: Column<Combination> = {
    ...first,
    cell: (row) => (isMeasured(row) ? first.cell(row) : whyNot(row)),
    spanOf: (row) => (isMeasured(row) ? 1 : figures.length),
    lookOf: (row) => (isMeasured(row) ? first.lookOf?.(row) : 'says'),
  };
  return [...parameterColumns(fields), instead, ...others];
}

/** @param best as it is shown */
function figureColumn(figure: Figure, best: string | null): Column<Combination> {
  const spread = (row: Combination) => spreadOf(row, figure);
  return {
    id: figure.id,
    head: figure.name,
    title: figure.title,
    numeric: true,
    descends: figure.better === 'higher',
    sortBy: (row) => spread(row)?.mean ?? null,
    cell: (row) => {
      const { mean, deviation } = spread(row) ?? {};
      return (
        <>
          {mean === undefined ? '–' : figure.show(mean)}
          {deviation ? <small> ± {figure.show(deviation)}</small> : null}
        </>
      );
    },
    lookOf: (row) => {
      const mean = spread(row)?.mean;
      return mean !== undefined && figure.show(mean) === best ? 'best' : undefined;
    },
  };
}

const SAYS = { queued: 'waits', running: 'is measured …', cancelled: 'not measured: cancelled', failed: 'failed', done: '' } as const;

const isMeasured = ({ runs }: Combination): boolean => runs.some(({ metrics }) => metrics !== null);

function whyNot(row: Combination): string {
  const reasons = reasonsOf(row);
  return reasons.length > 0 ? `failed: ${reasons.join(' ')}` : SAYS[stateOf(row)];
}

function someFailed(row: Combination): string | null {
  const reasons = reasonsOf(row);
  if (!isMeasured(row) || reasons.length === 0) return null;
  return `${row.runs.filter(({ state }) => state === 'failed').length} of ${row.runs.length} repeats failed: ${reasons.join(' ')}`;
}

/** The best mean of a column as it is shown, where there is another to be better than. */
function bestOf(rows: readonly Combination[], figure: Figure): string | null {
  const means = rows.flatMap((row) => spreadOf(row, figure)?.mean ?? []);
  if (new Set(means.map(figure.show)).size < 2) return null;
  return figure.show(figure.better === 'higher' ? Math.max(...means) : Math.min(...means));
}
