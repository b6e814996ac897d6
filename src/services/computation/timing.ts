/** What repeated measurements come to: median, p95, and how much they vary. */
import type { Output } from '../../contract/index.ts';
import { summarize } from '../../engine/workload/metrics.ts';

export type Timing = NonNullable<Output<'computation', 'benchmark'>['results'][number]['timing']>;

/** `null` for no samples. */
export function timingOf(samplesMs: readonly number[]): Timing | null {
  const summary = summarize(samplesMs);
  if (!summary) return null;
  const { count, mean, p50, p95 } = summary;
  const variance = samplesMs.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / count;
  return {
    repeats: count,
    min_ms: samplesMs.reduce((a, b) => Math.min(a, b)),
    median_ms: p50,
    mean_ms: mean,
    p95_ms: p95,
    max_ms: samplesMs.reduce((a, b) => Math.max(a, b)),
    cv: mean > 0 && count > 1 ? Math.sqrt(variance) / mean : 0,
  };
}
