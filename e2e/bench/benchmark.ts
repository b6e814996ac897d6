/** What a benchmark is, and what it gives: rows of one table, each with its target where there is one. */
import { median } from './measure.ts';
import type { Workplace } from './workplace.ts';

export interface Benchmark {
  /** For `--only`. */
  name: string;
  run(workplace: Workplace): Promise<Measured[]>;
}

/** One figure, or the figures of rounds in which both sides took turns: ratio and difference are then medians over the rounds. */
export type Figures = number | readonly number[];

export interface Target {
  of: 'ours' | 'ratio' | 'difference';
  atLeast?: number;
  atMost?: number;
}

export interface Measured {
  name: string;
  /** `null`: it could not be measured, and `note` says why. */
  ours: Figures | null;
  other?: { name: string; value: Figures };
  unit: string;
  target?: Target;
  note?: string;
}

export interface Row {
  benchmark: string;
  name: string;
  ours: number | null;
  other: number | null;
  other_name: string | null;
  unit: string;
  /** ours / other, median over the rounds */
  ratio: number | null;
  /** The same of each side's best round: beside a ratio far from it the machine was busy with other things. */
  best_ratio: number | null;
  /** ours − other */
  difference: number | null;
  target: string | null;
  met: boolean | null;
  note: string | null;
}

const one = (figures: Figures): number => (typeof figures === 'number' ? figures : median(figures));

/** Of rates the highest, of all else the lowest. */
const best = (figures: Figures, unit: string): number => {
  const all = typeof figures === 'number' ? [figures] : figures;
  return unit.endsWith('/s') ? Math.max(...all) : Math.min(...all);
};

/** Round by round where both have rounds. */
function compared(ours: Figures, other: Figures, by: (ours: number, other: number) => number): number {
  if (typeof ours === 'number' || typeof other === 'number' || ours.length !== other.length) return by(one(ours), one(other));
  return median(ours.map((value, round) => by(value, other[round]!)));
}

export function rowOf(benchmark: string, { name, ours, other, unit, target, note }: Measured): Row {
  const both = ours !== null && other ? { ours, other: other.value } : null;
  const figures = {
    ours: ours === null ? null : one(ours),
    ratio: both && compared(both.ours, both.other, (a, b) => a / b),
    best_ratio: both && best(both.ours, unit) / best(both.other, unit),
    difference: both && compared(both.ours, both.other, (a, b) => a - b),
  };
  const judged = target && figures[target.of];
  return {
    benchmark,
    name,
    ...figures,
    other: other ? one(other.value) : null,
    other_name: other?.name ?? null,
    unit,
    target: target ? describe(target, unit) : null,
    met: target && typeof judged === 'number' ? judged <= (target.atMost ?? Infinity) && judged >= (target.atLeast ?? -Infinity) : null,
    note: note ?? null,
  };
}

function describe({ of, atLeast, atMost }: Target, unit: string): string {
  const what = { ours: 'ours', ratio: 'ratio', difference: 'ours − other' }[of];
  const suffix = of === 'ratio' ? '' : ` ${unit}`;
  if (atLeast !== undefined && atMost !== undefined) return `${what} ${atLeast}–${atMost}${suffix}`;
  return atMost === undefined ? `${what} ≥ ${atLeast}${suffix}` : `${what} ≤ ${atMost}${suffix}`;
}
