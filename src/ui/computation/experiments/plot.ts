/** One figure over one field of the grid, a line for each combination of the others. */
import type { PlotData } from '../../kit/plot/plot-data.ts';
import { type Combination, keyOf, spreadOf, valuesOf, variedFields } from './combinations.ts';
import { type GridValue, parametersText, valueText } from './experiment.ts';
import type { Figure } from './figures.ts';

export interface Axes {
  figure: Figure;
  /** The field along x. */
  x: string;
  /** The field that tells the lines apart, averaging over the rest; `null`: every combination of the others. */
  by: string | null;
}

export interface Subject {
  /** Stands before its lines where several experiments are drawn. */
  label: string | null;
  combinations: readonly Combination[];
}

/** Numbers lie on an axis of numbers, all else stands in a row of bars. */
export const isNumeric = (values: readonly GridValue[]): boolean => values.every((value) => typeof value === 'number');

/** The field that a reader would put along x: the first of numbers, else the first. */
export function likelyX(combinations: readonly Combination[]): string | null {
  const fields = variedFields(combinations);
  return fields.find((field) => isNumeric(valuesOf(combinations, field))) ?? fields[0] ?? null;
}

const LIKELY: readonly (readonly [field: string, figure: string])[] = [
  ['memory_strategy', 'wasted_kv_bytes'],
  ['block_size', 'wasted_kv_bytes'],
  ['chunk_size', 'ttft_p50_ms'],
  ['step_mode', 'ttft_p50_ms'],
  ['policy', 'ttft_p50_ms'],
  ['seq_len', 'prefill_tokens_per_second'],
];

/** The figure that what is varied is most likely to move. */
export function likelyFigure(figures: readonly Figure[], fields: readonly string[]): Figure | undefined {
  const wanted = LIKELY.find(([field]) => fields.includes(field))?.[1] ?? 'decode_tokens_per_second';
  return figures.find(({ id }) => id === wanted) ?? figures[0];
}

export function plotOf(subjects: readonly Subject[], { figure, x, by }: Axes): PlotData {
  const all = subjects.flatMap(({ combinations }) => combinations);
  const values = valuesOf(all, x);
  const numeric = isNumeric(values);
  const places = numeric ? (values as number[]).toSorted((a, b) => a - b) : values;
  const series = subjects.flatMap(({ label, combinations }) =>
    linesOf(combinations, x, by).map((line) => ({
      label: [label, line.label].filter(Boolean).join(', ') || figure.name,
      ...(numeric && { x: places as number[] }),
      values: places.map((place) => meanOf(line.combinations, x, place, figure)),
    })),
  );
  return {
    kind: numeric ? 'line' : 'bar',
    title: `${figure.name} over ${x}`,
    x_label: x,
    y_label: `${figure.name}${figure.name.endsWith(figure.unit) ? '' : `, ${figure.unit}`}`,
    labels: numeric ? null : places.map(valueText),
    series: series.filter(({ values: line }) => line.some((value) => value !== null)),
  };
}

function linesOf(combinations: readonly Combination[], x: string, by: string | null): { label: string; combinations: Combination[] }[] {
  const others = variedFields(combinations).filter((field) => field !== x && (by === null || field === by));
  const lines = new Map<string, { label: string; combinations: Combination[] }>();
  for (const combination of combinations) {
    const own = Object.fromEntries(others.map((field) => [field, combination.parameters[field]]));
    const key = keyOf(own);
    const line = lines.get(key) ?? { label: parametersText(own), combinations: [] };
    lines.set(key, line);
    line.combinations.push(combination);
  }
  return [...lines.values()];
}

function meanOf(combinations: readonly Combination[], x: string, place: GridValue, figure: Figure): number | null {
  const here = combinations.filter(({ parameters }) => valueText(parameters[x]) === valueText(place));
  return spreadOf({ runs: here.flatMap(({ runs }) => runs) }, figure)?.mean ?? null;
}
