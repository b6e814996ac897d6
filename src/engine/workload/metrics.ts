/** Serving metrics of a finished workload: TTFT, TPOT, ITL, E2E, throughput, and goodput under service level objectives. */
import type { GenerationResult } from '../generation.ts';

export interface Summary {
  count: number;
  mean: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Bounds that a request must meet, each in milliseconds. */
export interface ServiceLevelObjectives {
  ttftMs?: number;
  tpotMs?: number;
  e2eMs?: number;
}

export interface ServingMetrics {
  /** From the first arrival to the last token. */
  makespanMs: number;
  completed: number;
  /** Cancelled, ended with an error, or refused. */
  failed: number;
  ttftMs: Summary | null;
  /** (latency − TTFT) / (n − 1), of requests with two tokens or more. */
  tpotMs: Summary | null;
  /** Every gap between two tokens. */
  itlMs: Summary | null;
  e2eMs: Summary | null;
  requestsPerSecond: number;
  completionTokensPerSecond: number;
  totalTokensPerSecond: number;
  /** Completed requests per second that meet every objective. */
  goodput: number;
}

/** @param refused requests that were never let in */
export function servingMetrics(results: readonly GenerationResult[], objectives: ServiceLevelObjectives = {}, refused = 0): ServingMetrics {
  const completed = results.filter(({ completions }) =>
    completions.every(({ finishReason }) => finishReason === 'stop' || finishReason === 'length'),
  );
  const startMs = results.reduce((first, { timings }) => Math.min(first, timings.arrivalMs), Infinity);
  const endMs = results.reduce((last, { timings }) => Math.max(last, timings.arrivalMs + timings.e2eMs), -Infinity);
  const makespanMs = results.length > 0 ? endMs - startMs : 0;
  const perSecond = (count: number): number => (makespanMs > 0 ? (1000 * count) / makespanMs : 0);
  const completionTokens = sum(completed.map((result) => result.completionTokens));
  return {
    makespanMs,
    completed: completed.length,
    failed: results.length - completed.length + refused,
    ttftMs: summarize(completed.flatMap(({ timings }) => timings.ttftMs ?? [])),
    tpotMs: summarize(completed.flatMap(({ timings }) => timings.tpotMs ?? [])),
    itlMs: summarize(
      completed.flatMap(({ completions }) =>
        completions.flatMap(({ tokenTimesMs }) => tokenTimesMs.slice(1).map((time, i) => time - tokenTimesMs[i]!)),
      ),
    ),
    e2eMs: summarize(completed.map(({ timings }) => timings.e2eMs)),
    requestsPerSecond: perSecond(completed.length),
    completionTokensPerSecond: perSecond(completionTokens),
    totalTokensPerSecond: perSecond(completionTokens + sum(completed.map(({ promptTokens }) => promptTokens))),
    goodput: perSecond(completed.filter((result) => meets(result, objectives)).length),
  };
}

function meets({ timings }: GenerationResult, { ttftMs = Infinity, tpotMs = Infinity, e2eMs = Infinity }: ServiceLevelObjectives): boolean {
  return (timings.ttftMs ?? Infinity) <= ttftMs && (timings.tpotMs ?? 0) <= tpotMs && timings.e2eMs <= e2eMs;
}

/** `null` for no values. */
export function summarize(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return {
    count: values.length,
    mean: sum(values) / values.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
  };
}

/** Between the two nearest values, as NumPy does by default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

function sum(values: readonly number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}
