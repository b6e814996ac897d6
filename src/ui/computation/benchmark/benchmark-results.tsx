/** One benchmark as far as it is: progress, who is faster, lines over the size, and every figure in a table. */
import { Button, Progress, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatMs } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { PlotView } from '../../kit/plot/plot-view.tsx';
import { formatNumber } from '../../kit/json/shown.ts';
import { TableView } from '../../kit/table/table-view.tsx';
import { download } from '../../kit/download.ts';
import classes from '../computation.module.css';
import { UnderWay } from '../under-way.tsx';
import type { BenchmarkRun } from './benchmark-store.ts';
import { type Benchmark, commonOf, comparisonsOf, type Metric, METRICS, metricsOf, notesOf, plotOf, tableOf } from './results.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';
import { Callout } from '../../kit/layout/callout.tsx';

export function BenchmarkResults({ run }: { run: BenchmarkRun }) {
  const { number, title, results, total, whole, state, startedAt, swept, input } = run;
  const [wanted, setWanted] = useState<Metric>('time');
  const { metrics, metric, plot } = useMemo(() => {
    const offered = metricsOf(results);
    const chosen = offered.includes(wanted) ? wanted : (offered[0] ?? 'time');
    return { metrics: offered, metric: chosen, plot: plotOf(results, swept, chosen) };
  }, [results, swept, wanted]);
  const table = useMemo(() => tableOf(results, swept), [results, swept]);
  const unmeasured = results.filter(({ timing }) => timing === null).length;
  const common = commonOf(results);
  return (
    <Card compact aria-label="Benchmark">
      <CardHead>
        <h2>{title}</h2>
        {whole && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="download" size={14} />}
            onClick={() => download(JSON.stringify({ input, ...whole }, null, 2), `benchmark-${number}.json`, 'application/json')}
          >
            Export JSON
          </Button>
        )}
      </CardHead>
      {state === 'running' ? (
        <>
          <Progress size={4} value={(100 * results.length) / total} animated aria-label="Progress of the benchmark" />
          <UnderWay startedAt={startedAt} occupant="benchmark" />
        </>
      ) : (
        state !== 'done' && (
          <Callout tone="warn">
            {state === 'stopped' ? 'Stopped' : 'Failed'} after {results.length} of {total} results.
          </Callout>
        )
      )}
      <Hint>
        {results.length} of {total} done{unmeasured > 0 && `, ${unmeasured} not measured`}
        {common && ` · ${common}`}
        {whole && ` · took ${formatMs(whole.duration_ms)}`}
      </Hint>
      <Verdicts run={run} />
      {plot && (
        <>
          {metrics.length > 1 && (
            <SegmentedControl
              className={classes.metric ?? ''}
              aria-label="Plotted"
              data={metrics.map((value) => ({ value, label: METRICS[value].label }))}
              value={metric}
              onChange={(next) => setWanted(next as Metric)}
            />
          )}
          <PlotView plot={plot} logarithmic={plot.kind === 'line'} />
        </>
      )}
      {results.length > 0 && <TableView title="Results" columns={table.columns} rows={table.rows} />}
      <Notes run={run} />
      {whole && <Device whole={whole} />}
    </Card>
  );
}

/** Who is faster than the first, and whether all agree with their references. */
function Verdicts({ run: { results } }: { run: BenchmarkRun }) {
  const compared = results.filter(({ agreement }) => agreement !== null);
  const differing = compared.filter(({ agreement }) => agreement?.passed === false);
  return (
    <ul className="gb-stack gb-tight">
      {comparisonsOf(results).map(({ subject, first, least, greatest }) => (
        <li key={subject}>
          <b>{subject}</b> takes <b className="gb-num">{times(least, greatest)}</b> × the time of {first}.
        </li>
      ))}
      {compared.length > 0 &&
        (differing.length === 0 ? (
          <li>
            <Icon name="check" size={14} className="gb-ok" /> {compared.length === 1 ? 'It agrees' : `All ${compared.length} agree`} with{' '}
            {compared.length === 1 ? 'its reference' : 'their references'}.
          </li>
        ) : (
          <li className="gb-bad">
            <Icon name="warning" size={14} /> {differing.length} of {compared.length} differ from their references:{' '}
            {[...new Set(differing.map(({ subject }) => subject.id))].join(', ')}.
          </li>
        ))}
    </ul>
  );
}

const times = (least: number, greatest: number): string => {
  const [a, b] = [least.toPrecision(2), greatest.toPrecision(2)];
  return a === b ? a : `${a} – ${b}`;
};

function Notes({ run: { results } }: { run: BenchmarkRun }) {
  const notes = notesOf(results);
  if (notes.length === 0) return null;
  return (
    <ul className="gb-stack gb-tight gb-small gb-muted" aria-label="Notes">
      {notes.map(({ note, subjects }) => (
        <li key={note}>
          <code>{subjects.join(', ')}</code> {note}
        </li>
      ))}
    </ul>
  );
}

function Device({ whole: { roofline, device } }: { whole: Benchmark }) {
  return (
    <Hint>
      {roofline.map(({ execution_provider, gflops, gb_per_second }) => (
        <span key={execution_provider}>
          Roofline of {execution_provider}: {formatNumber(gflops)} GFLOP/s, {formatNumber(gb_per_second)} GB/s.{' '}
        </span>
      ))}
      {device.adapter === null ? 'No GPU adapter' : `GPU ${device.adapter}`}; {device.threads} WASM{' '}
      {device.threads === 1 ? 'thread' : 'threads'}.
    </Hint>
  );
}
