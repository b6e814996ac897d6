/** Series with x values of their own, brought onto one x: what the charting library takes. */
import type { PlotData } from './plot-data.ts';

export interface AlignedSeries {
  x: number[];
  /** As long as `x`; `undefined` where a series has no point there, `null` where it has a gap. */
  ys: (number | null | undefined)[][];
}

/** For bars x is the place in the row, whatever stands there. Two points of a series at one x: the later counts. */
export function aligned({ kind, series }: PlotData): AlignedSeries {
  const points = series.map(({ x, values }) =>
    values.map((value, i): [number, number | null] | null => {
      const at = kind === 'bar' ? i : x ? (x[i] ?? null) : i;
      return at === null ? null : [at, value];
    }),
  );
  if (kind === 'scatter') return scattered(points);
  const x = [...new Set(points.flat().flatMap((point) => (point ? [point[0]] : [])))].sort((a, b) => a - b);
  const place = new Map(x.map((at, i) => [at, i]));
  const ys = points.map((line) => {
    const y: (number | null | undefined)[] = Array.from({ length: x.length }, () => undefined);
    for (const point of line) if (point) y[place.get(point[0])!] = point[1];
    return y;
  });
  return { x, ys };
}

/** Every point keeps a place of its own: points of a cloud may share their x. */
function scattered(points: ([number, number | null] | null)[][]): AlignedSeries {
  const all = points
    .flatMap((line, series) => line.flatMap((point) => (point ? [{ at: point[0], value: point[1], series }] : [])))
    .sort((a, b) => a.at - b.at);
  return {
    x: all.map(({ at }) => at),
    ys: points.map((_, series) => all.map((point) => (point.series === series ? point.value : undefined))),
  };
}
