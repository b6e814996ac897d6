/** Lines, bars and points by uPlot; a file apart, since the library is fetched with the first chart. */
import { counted } from '../../../environment/counted.ts';
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { followSize } from '../follow-size.ts';
import { WHOLE } from './whole-steps.ts';
import { aligned } from './aligned.ts';
import classes from './output.module.css';
import { type Scheme, seriesColour } from '../colour/palette.ts';
import type { PlotData } from './plot-data.ts';
import { formatNumber } from '../json/shown.ts';

const HEIGHT = 260;
const LOG_2: uPlot.Scale = { distr: 3, log: 2 };
const LOG_10: uPlot.Scale = { distr: 3, log: 10 };
/** Of the axes' font, on average. */
const CHARACTER_PX = 7;

/** Of a rotated label, with room to the next. */
const LABEL_PX = 18;
/** Longer names are cut; the legend has them whole. */
const LABEL_CHARACTERS = 14;
const shortened = (name: string) => (name.length > LABEL_CHARACTERS ? `${name.slice(0, LABEL_CHARACTERS - 1)}…` : name);

interface Props {
  plot: PlotData;
  title: string;
  /** Both axes logarithmic; what is not above zero has no place there. */
  logarithmic?: boolean;
}

export default function Chart({ plot, title, logarithmic = false }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const data = useMemo(() => aligned(plot), [plot]);

  useEffect(() => {
    const element = host.current!;
    const width = () => Math.max(200, element.clientWidth);
    const chart = new uPlot(
      { ...options(plot, scheme, data.x, width(), logarithmic), width: width(), height: HEIGHT },
      [data.x, ...data.ys] as uPlot.AlignedData,
      element,
    );
    const unfollow = followSize(element, () => chart.setSize({ width: width(), height: HEIGHT }));
    return () => {
      unfollow();
      chart.destroy();
    };
  }, [plot, scheme, data, logarithmic]);

  const described = `${title}: ${plot.series.map(({ label, values }) => `${label}, ${counted(values.length, 'value')}`).join('; ')}. The button shows the numbers.`;
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an image element cannot hold a canvas with its legend
  return <div ref={host} className={classes.chart} role="img" aria-label={described} />;
}

/** uPlot leaves marks of a logarithmic axis unnamed by giving null. */
const written = (at: number | null): string => (at === null ? '' : formatNumber(at));

function options(
  { kind, x_label, y_label, labels, series }: PlotData,
  scheme: Scheme,
  x: readonly number[],
  width: number,
  logarithmic: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--gb-${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: colour('text-2'),
    grid: { stroke: colour('border'), width: 1 },
    ticks: { stroke: colour('border'), width: 1 },
    font: `11px ${style.getPropertyValue('--mantine-font-family') || 'sans-serif'}`,
    labelSize: 22,
    labelFont: `11px ${style.getPropertyValue('--mantine-font-family') || 'sans-serif'}`,
  };
  const named = (labels ?? (kind === 'bar' ? x.map(String) : null))?.map(shortened);
  const crowded = (named?.join('  ').length ?? 0) > width / CHARACTER_PX;
  const every = Math.ceil((x.length * LABEL_PX) / width);
  return {
    cursor: { points: { size: 6 }, drag: { x: kind !== 'bar', y: false } },
    legend: { live: true },
    scales: {
      x: { time: false, ...(logarithmic && LOG_2), ...(kind === 'bar' && { range: [-0.6, x.length - 0.4] as [number, number] }) },
      ...(logarithmic && { y: LOG_10 }),
      ...(kind === 'bar' && {
        y: { range: (_: uPlot, low: number, high: number) => [Math.min(0, low), Math.max(0, high) * 1.08 || 1] as [number, number] },
      }),
    },
    axes: [
      {
        ...axis,
        ...(x_label !== null && { label: x_label }),
        ...(!logarithmic && x.every(Number.isInteger) && { incrs: WHOLE }),
        ...(logarithmic && { splits: () => [...x], values: (_: uPlot, splits: (number | null)[]) => splits.map(written) }),
        ...(named && crowded && { rotate: 35, size: 72 }),
        ...(named && {
          splits: (_: uPlot, __: number, min: number, max: number) => x.filter((at, i) => i % every === 0 && at >= min && at <= max),
          values: (_: uPlot, splits: number[]) => splits.map((at) => named[at] ?? ''),
        }),
      },
      {
        ...axis,
        size: 56,
        ...(y_label !== null && { label: y_label }),
        ...(!logarithmic &&
          series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value))) && { incrs: WHOLE }),
        values: (_: uPlot, splits: (number | null)[]) => splits.map(written),
      },
    ],
    series: [
      {
        label: x_label ?? (named ? 'at' : 'x'),
        value: (_: uPlot, at: number | null) => (at === null ? '' : (labels?.[at] ?? formatNumber(at))),
      },
      ...series.map(({ label }, i): uPlot.Series => {
        const stroke = seriesColour(scheme, i);
        const value = (_: uPlot, at: number | null) => (at === null ? '' : formatNumber(at));
        if (kind === 'bar')
          return { label, stroke, fill: `${stroke}cc`, value, width: 0, paths: groupedBars(i, series.length), points: { show: false } };
        if (kind === 'scatter')
          return { label, stroke, fill: stroke, value, paths: () => null, points: { show: true, size: 5, fill: stroke } };
        return { label, stroke, width: 2, value, spanGaps: true, points: { show: x.length <= 60, size: 5, fill: stroke } };
      }),
    ],
  };
}

/** The bars of one place stand side by side. */
function groupedBars(index: number, count: number): uPlot.Series.PathBuilder {
  return (chart, seriesIndex, from, to) => {
    const [xs, ys] = [chart.data[0], chart.data[seriesIndex] ?? []];
    const slot = 0.8 / count;
    const path = new Path2D();
    const zero = chart.valToPos(0, 'y', true);
    for (let i = from; i <= to; i++) {
      const value = ys[i];
      if (value === null || value === undefined) continue;
      const left = chart.valToPos(xs[i]! - 0.4 + index * slot, 'x', true);
      const right = chart.valToPos(xs[i]! - 0.4 + (index + 0.92) * slot, 'x', true);
      const top = chart.valToPos(value, 'y', true);
      path.rect(left, Math.min(top, zero), right - left, Math.max(1, Math.abs(zero - top)));
    }
    return { stroke: path, fill: path };
  };
}
