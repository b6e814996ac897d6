/** A plot, of a script or of a panel's own, drawn by what fits its kind; the numbers stay in reach as a table. */
import { useMemo, useState } from 'react';
import { onDemand } from '../on-demand.tsx';
import { useNameText } from '../model/use-token-label.ts';
import { PlotHeatMap } from '../heat-map/plot-heat-map.tsx';
import classes from './output.module.css';
import type { PlotData } from './plot-data.ts';
import { TableView } from '../table/table-view.tsx';

const Chart = onDemand('The chart', async () => (await import('./chart.tsx')).default);

export function PlotView({ plot: given, logarithmic = false }: { plot: PlotData; logarithmic?: boolean }) {
  const plot = useReadable(given);
  const [numbers, setNumbers] = useState(false);
  const title = plot.title ?? { line: 'Line plot', bar: 'Bar plot', scatter: 'Scatter plot', heatmap: 'Heatmap' }[plot.kind];
  return (
    <figure className={classes.figure}>
      <figcaption>
        <span>{title}</span>
        <button type="button" className={classes.more} aria-pressed={numbers} onClick={() => setNumbers(!numbers)}>
          {numbers ? 'Picture' : 'Numbers'}
        </button>
      </figcaption>
      {numbers ? (
        <Numbers plot={given} />
      ) : plot.kind === 'heatmap' ? (
        <PlotHeatMap plot={plot} title={title} />
      ) : (
        <Chart waiting={<div className={classes.chart} />} plot={plot} title={title} logarithmic={logarithmic} />
      )}
    </figure>
  );
}

/** Names that are pieces of the vocabulary, as tokens are shown everywhere. */
function useReadable(plot: PlotData): PlotData {
  const readable = useNameText();
  return useMemo(
    () => ({
      ...plot,
      labels: plot.labels?.map(readable) ?? null,
      series: plot.series.map((series) => ({ ...series, label: readable(series.label) })),
    }),
    [plot, readable],
  );
}

function Numbers({ plot: { series, labels, x_label } }: { plot: PlotData }) {
  const { columns, rows } = useMemo(() => {
    const length = Math.max(0, ...series.map(({ values }) => values.length));
    const own = series.some(({ x }) => x);
    const head = own
      ? series.flatMap(({ label }) => [`${label} ${x_label ?? 'x'}`, label])
      : [x_label ?? '', ...series.map(({ label }) => label)];
    return {
      columns: head.map((name, i) => (head.indexOf(name) === i ? name : `${name} (${i})`)),
      rows: Array.from({ length }, (_, i) =>
        own
          ? series.flatMap(({ x, values }) => [x?.[i] ?? i, values[i] ?? null])
          : [labels?.[i] ?? i, ...series.map(({ values }) => values[i] ?? null)],
      ),
    };
  }, [series, labels, x_label]);
  return <TableView title="Numbers" columns={columns} rows={rows} />;
}
