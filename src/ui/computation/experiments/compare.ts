/** Two experiments over the same grid: what they differ in, and one figure of the second over that of the first. */
import type { Verdict } from '../../kit/change.tsx';
import { type Combination, combinationsOf, keyOf, spreadOf } from './combinations.ts';
import { type Experiment, type ExperimentRecord, inputOfRecord, valueText } from './experiment.ts';
import type { Figure } from './figures.ts';
import { defaultOf, PLAN_FIELDS } from './plan-fields.ts';

export interface RatioRow {
  key: string;
  parameters: Combination['parameters'];
  a: number | null;
  b: number | null;
  /** B / A; `null` without two figures. */
  ratio: number | null;
  verdict: Verdict | null;
}

export interface Comparison {
  /** Of the combinations that both have. */
  rows: RatioRow[];
  onlyA: number;
  onlyB: number;
  /** Geometric mean of the ratios; `null` where there are none. */
  meanRatio: number | null;
}

/** A ratio as near to 1 as this is noise. */
const SAME = 0.02;

export function compare(a: Pick<Experiment, 'runs'>, b: Pick<Experiment, 'runs'>, figure: Figure): Comparison {
  const [left, right] = [combinationsOf(a.runs), new Map(combinationsOf(b.runs).map((each) => [each.key, each]))];
  const shared = left.filter(({ key }) => right.has(key));
  const rows = shared.map((mine) => rowOf(mine, right.get(mine.key)!, figure));
  const ratios = rows.flatMap(({ ratio }) => (ratio !== null && ratio > 0 ? [ratio] : []));
  return {
    rows,
    onlyA: left.length - shared.length,
    onlyB: right.size - shared.length,
    meanRatio: ratios.length > 0 ? Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length) : null,
  };
}

function rowOf(mine: Combination, other: Combination, figure: Figure): RatioRow {
  const [a, b] = [spreadOf(mine, figure)?.mean ?? null, spreadOf(other, figure)?.mean ?? null];
  const ratio = a === null || b === null ? null : a === b ? 1 : a === 0 ? null : b / a;
  return { key: mine.key, parameters: mine.parameters, a, b, ratio, verdict: verdictOf(ratio, figure) };
}

export function verdictOf(ratio: number | null, { better }: Pick<Figure, 'better'>): RatioRow['verdict'] {
  if (ratio === null) return null;
  if (Math.abs(ratio - 1) < SAME) return 'same';
  return ratio > 1 === (better === 'higher') ? 'better' : 'worse';
}

export interface Difference {
  name: string;
  a: string;
  b: string;
}

/** What repeating them needs and is not the same; an empty list means that only chance parts them. */
export function recordDifferences(a: ExperimentRecord, b: ExperimentRecord): Difference[] {
  const [of, against] = [settingsOf(a), settingsOf(b)];
  return [...new Set([...of.keys(), ...against.keys()])].flatMap((name) => {
    const [left, right] = [of.get(name) ?? '–', against.get(name) ?? '–'];
    return left === right ? [] : [{ name, a: left, b: right }];
  });
}

function settingsOf(record: ExperimentRecord): Map<string, string> {
  const { plan = {}, grid = {}, workload, slo, text, repeats, warmup } = inputOfRecord(record);
  const settings = new Map<string, string>([
    ['model', record.model_id],
    ['weights', record.weights_hash.slice(0, 12)],
    ['code', revisionsText(record.code_revisions)],
    ['seed', String(record.seed)],
    ['repeats', String(repeats ?? 1)],
    ['warm-up', String(warmup ?? 1)],
    ['workload', workload ? JSON.stringify(workload) : 'batch_size prompts at once'],
    ['objectives', slo ? JSON.stringify(slo) : 'none'],
    ['text', text === undefined ? 'none' : `${text.length} characters, ${text.slice(0, 24)}…`],
    ['adapter', record.device.adapter ?? 'none'],
    ['threads', String(record.device.threads)],
    ['browser', record.device.user_agent],
    ...Object.entries(record.versions),
  ]);
  for (const field of PLAN_FIELDS) if (!(field in grid)) settings.set(field, valueText(plan[field] ?? defaultOf(field)));
  return settings;
}

export const revisionsText = (revisions: Readonly<Record<string, string>>): string =>
  Object.entries(revisions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, revision]) => `${id} ${revision}`)
    .join(', ') || 'built-in';

/** The same combinations: only then do all rows of both stand beside each other. */
export const hasSameGrid = (a: Pick<Experiment, 'runs'>, b: Pick<Experiment, 'runs'>): boolean => {
  const keys = (experiment: Pick<Experiment, 'runs'>) =>
    [...new Set(experiment.runs.map(({ parameters }) => keyOf(parameters)))].toSorted();
  return JSON.stringify(keys(a)) === JSON.stringify(keys(b));
};
