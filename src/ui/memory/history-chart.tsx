/** One small line chart over seconds by uPlot, which only redraws when samples come; a file apart, since the library is fetched with it. */
import 'uplot/dist/uPlot.min.css';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { followSize } from '../kit/follow-size.ts';
import { WHOLE } from '../kit/plot/whole-steps.ts';

export interface Line {
  label: string;
  stroke: string;
  unit: string;
  values: readonly (number | null)[];
}

interface Props {
  title: string;
  x: readonly number[];
  lines: readonly Line[];
}

const HEIGHT = 120;

export default function HistoryChart({ title, x, lines }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = useMemo<uPlot.AlignedData>(() => [[...x], ...lines.map(({ values }) => [...values])], [x, lines]);
  const latest = useRef(data);
  // With the scheme the strokes change, and so does this.
  const described = lines.map(({ label, stroke, unit }) => [label, stroke, unit].join('|')).join();

  // Before the chart is made, so that it is made with the newest.
  useEffect(() => {
    latest.current = data;
    chart.current?.setData(data);
  }, [data]);

  useEffect(() => {
    const element = host.current!;
    const width = () => Math.max(160, element.clientWidth);
    const made = new uPlot({ ...options(described), width: width(), height: HEIGHT }, latest.current, element);
    chart.current = made;
    const unfollow = followSize(element, () => made.setSize({ width: width(), height: HEIGHT }));
    return () => {
      unfollow();
      made.destroy();
      chart.current = null;
    };
  }, [described]);

  const says = `${title} over ${Math.round((x.at(-1) ?? 0) - (x[0] ?? 0))} seconds: ${lines.map(({ label, values, unit }) => `${label} now ${values.at(-1)?.toFixed(1) ?? 'unknown'}${unit}`).join(', ')}.`;
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an image element cannot hold a canvas
  return <div ref={host} role="img" aria-label={says} />;
}

function options(described: string): Omit<uPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string) => style.getPropertyValue(`--gb-${name}`).trim();
  const axis: uPlot.Axis = {
    stroke: ink('text-3'),
    grid: { stroke: ink('border'), width: 1 },
    ticks: { show: false },
    font: '11px ui-sans-serif, sans-serif',
    gap: 3,
  };
  return {
    legend: { show: false },
    cursor: { points: { size: 5 }, drag: { x: false, y: false } },
    padding: [6, 6, 0, 0],
    scales: { x: { time: false }, y: { range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.1)] } },
    axes: [
      { ...axis, size: 20, values: (_, splits) => splits.map((at) => `${at} s`) },
      { ...axis, size: 36, space: 26, ...(described.split(',').every((each) => each.endsWith('|')) && { incrs: WHOLE }) },
    ],
    series: [
      {},
      ...described
        .split(',')
        .map((each): uPlot.Series => ({ stroke: each.split('|')[1]!, width: 1.75, points: { show: false }, spanGaps: true })),
    ],
  };
}
