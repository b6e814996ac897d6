/** The runs of an experiment by combination of its grid: repeats become one row with a mean and a spread. */
import type { Figure } from './figures.ts';
import { type Experiment, type GridValue, type Run, valueText } from './experiment.ts';

export interface Combination {
  /** The same for the same values, in whatever experiment. */
  key: string;
  parameters: Readonly<Record<string, GridValue>>;
  runs: readonly Run[];
}

export interface Spread {
  mean: number;
  /** Sample standard deviation; `null` of a single value. */
  deviation: number | null;
  count: number;
}

export const keyOf = (parameters: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1)));

export function combinationsOf(runs: readonly Run[]): Combination[] {
  const byKey = new Map<string, { parameters: Run['parameters']; runs: Run[] }>();
  for (const run of runs) {
    const key = keyOf(run.parameters);
    const known = byKey.get(key);
    if (known) known.runs.push(run);
    else byKey.set(key, { parameters: run.parameters, runs: [run] });
  }
  return [...byKey].map(([key, combination]) => ({ key, ...combination }));
}

/** Over the runs that were measured; `null` where none was. */
export function spreadOf({ runs }: Pick<Combination, 'runs'>, { read }: Pick<Figure, 'read'>): Spread | null {
  const values = runs.flatMap(({ metrics }) => {
    const value = metrics && read(metrics);
    return value === null ? [] : [value];
  });
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null, count: values.length };
}

/** Fields that take more than one value, in the order of the grid. */
export function variedFields(combinations: readonly Combination[]): string[] {
  const names = Object.keys(combinations[0]?.parameters ?? {});
  return names.filter((name) => valuesOf(combinations, name).length > 1);
}

/** In the order of the grid. */
export function valuesOf(combinations: readonly Combination[], field: string): GridValue[] {
  return [
    ...new Map(
      combinations.flatMap(({ parameters }) => (field in parameters ? [[valueText(parameters[field]), parameters[field]!]] : [])) as [
        string,
        GridValue,
      ][],
    ).values(),
  ];
}

/** The worst that there is to say of a combination: what a row shows in place of figures. */
export function stateOf({ runs }: Pick<Combination, 'runs'>): Experiment['state'] {
  const order = ['running', 'failed', 'queued', 'cancelled', 'done'] as const;
  return order.find((state) => runs.some((run) => run.state === state)) ?? 'queued';
}

/** Why runs of it failed, each reason once. */
export const reasonsOf = ({ runs }: Pick<Combination, 'runs'>): string[] => [
  ...new Set(runs.flatMap(({ state, error }) => (state === 'failed' && error !== null ? [error] : []))),
];
