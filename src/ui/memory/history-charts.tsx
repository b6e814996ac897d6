/** What became of the memory while one looked: blocks, rates and waste on one time axis; the chart library comes with the first sample. */
import { useComputedColorScheme } from '@mantine/core';
import { memo } from 'react';
import { onDemand } from '../kit/on-demand.tsx';
import type { Sample } from './history.ts';
import type { Line } from './history-chart.tsx';
import classes from './memory.module.css';
import { Card } from '../kit/layout/card.tsx';

const HistoryChart = onDemand('The chart', async () => (await import('./history-chart.tsx')).default);

const INK = { light: ['#0b6660', '#7a6a3a', '#5546bd', '#b8500a'], dark: ['#62cabf', '#cbb878', '#a99ffb', '#f0a35e'] } as const;

/** Drawn again only with a new sample. */
export const HistoryCharts = memo(function HistoryCharts({ samples }: { samples: readonly Sample[] }) {
  const [a, b, c, d] = INK[useComputedColorScheme('light')];
  const x = samples.map(({ seconds }) => seconds);
  const line = (label: string, key: Exclude<keyof Sample, 'seconds'>, stroke: string, unit: string): Line => ({
    label,
    stroke,
    unit,
    values: samples.map((sample) => sample[key]),
  });
  const charts = [
    { title: 'Blocks of the pool', lines: [line('used', 'used', a, ''), line('cached', 'cached', b, '')] },
    {
      title: 'Prefix hits and fragmentation',
      lines: [line('hit rate', 'hitRate', c, ' %'), line('fragmentation', 'fragmentation', d, ' %')],
    },
    { title: 'Waste: places held for nothing', lines: [line('wasted', 'wasted', d, ' kB')] },
  ];
  return (
    <Card aria-label="Over time">
      <h2>Over time</h2>
      <div className={classes.charts}>
        {charts.map(({ title, lines }) => (
          <figure key={title}>
            <figcaption>
              {title}
              <span>
                {lines.map(({ label, stroke, values, unit }) => (
                  <span key={label}>
                    <i style={{ background: stroke }} /> {label} <b className="gb-num">{now(values, unit)}</b>
                  </span>
                ))}
              </span>
            </figcaption>
            <div className={classes.chart}>{samples.length > 1 && <HistoryChart title={title} x={x} lines={lines} />}</div>
          </figure>
        ))}
      </div>
    </Card>
  );
});

function now(values: readonly (number | null)[], unit: string): string {
  const last = values.at(-1);
  return last === null || last === undefined ? '–' : `${Number.isInteger(last) ? last : last.toFixed(1)}${unit}`;
}
