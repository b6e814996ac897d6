/** What a step costs on this device: a linear model of its features, fitted to steps that were really run. */
import type { StepFeatures, StepRecord } from '../decision.ts';

const TERMS = [
  'batchSize',
  'prefillTokens',
  'contextTokens',
  'attendedPairs',
  'movedBlocks',
] as const satisfies readonly (keyof StepFeatures)[];

type Term = (typeof TERMS)[number];

export interface CostModel {
  /** Milliseconds of a step without work. */
  readonly baseMs: number;
  /** Milliseconds for each unit; never negative. */
  readonly msPer: Readonly<Record<Term, number>>;
}

/** How well a fit foretells steps that it did not see: it is made from one half of the steps and measured on the other. */
export interface FitError {
  readonly steps: number;
  /** Mean of |predicted − measured|. */
  readonly meanAbsoluteMs: number;
  /** Sum of predictions / sum of measurements − 1: how far off a makespan would be. */
  readonly totalRelative: number;
  /** Share of the variance explained; 1 is perfect. */
  readonly rSquared: number;
}

export interface CostFit {
  readonly model: CostModel;
  readonly error: FitError;
}

/** A step's features and what it took. */
export interface Measurement {
  readonly features: StepFeatures;
  readonly durationMs: number;
}

export function predictMs({ baseMs, msPer }: CostModel, features: StepFeatures): number {
  return TERMS.reduce((sum, term) => sum + msPer[term] * features[term], baseMs);
}

/** Steps that ran, each to the start of the next where that followed at once: what lies between two steps costs too. */
export function measurements(records: readonly StepRecord[]): Measurement[] {
  return records.flatMap((record, i) => {
    if (record.features.batchSize === 0 || record.error !== null) return [];
    const next = records[i + 1];
    const endMs = next && next.startMs - record.endMs < MAX_GAP_MS ? next.startMs : record.endMs;
    return [{ features: record.features, durationMs: endMs - record.startMs }];
  });
}

/** A longer pause was idleness. */
const MAX_GAP_MS = 2;

/** Throws a `RangeError` for fewer steps than would determine a model. */
export function fitCostModel(steps: readonly Measurement[]): CostFit {
  if (steps.length < 4) throw new RangeError(`${steps.length} steps are too few to fit a cost model; at least 4 are needed.`);
  const half = fit(steps.filter((_, i) => i % 2 === 0));
  return {
    model: fit(steps),
    error: measureError(
      half,
      steps.filter((_, i) => i % 2 === 1),
    ),
  };
}

export function measureError(model: CostModel, steps: readonly Measurement[]): FitError {
  const measured = steps.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const mean = measured / steps.length;
  let absolute = 0;
  let predicted = 0;
  let residual = 0;
  let variance = 0;
  for (const { features, durationMs } of steps) {
    const prediction = predictMs(model, features);
    predicted += prediction;
    absolute += Math.abs(prediction - durationMs);
    residual += (prediction - durationMs) ** 2;
    variance += (durationMs - mean) ** 2;
  }
  return {
    steps: steps.length,
    meanAbsoluteMs: absolute / steps.length,
    totalRelative: measured > 0 ? predicted / measured - 1 : 0,
    rSquared: variance > 0 ? 1 - residual / variance : 1,
  };
}

/** Least squares with coefficients of at least 0, by coordinate descent on columns scaled to a largest value of 1. */
function fit(steps: readonly Measurement[]): CostModel {
  const columns = [steps.map(() => 1), ...TERMS.map((term) => steps.map(({ features }) => features[term]))];
  const scales = columns.map((column) => Math.max(...column.map(Math.abs)) || 1);
  const scaled = columns.map((column, i) => column.map((value) => value / scales[i]!));
  const coefficients = columns.map(() => 0);
  const residuals = steps.map(({ durationMs }) => durationMs);
  const squares = scaled.map((column) => column.reduce((sum, value) => sum + value * value, 0));
  for (let round = 0; round < 2000; round++) {
    let largestChange = 0;
    scaled.forEach((column, i) => {
      if (squares[i] === 0) return;
      const gradient = column.reduce((sum, value, row) => sum + value * residuals[row]!, 0);
      const next = Math.max(0, coefficients[i]! + gradient / squares[i]!);
      const change = next - coefficients[i]!;
      if (change === 0) return;
      coefficients[i] = next;
      column.forEach((value, row) => (residuals[row]! -= change * value));
      largestChange = Math.max(largestChange, Math.abs(change));
    });
    if (largestChange < 1e-9) break;
  }
  const [baseMs, ...perTerm] = coefficients.map((coefficient, i) => coefficient / scales[i]!);
  const msPer = Object.fromEntries(TERMS.map((term, i) => [term, perTerm[i]!])) as Record<Term, number>;
  return { baseMs: baseMs!, msPer };
}
