/** The memory over time: a bounded row of samples, thinned as it grows, so that a whole run stays in view. */
import type { Output } from '../../contract/index.ts';

type Stats = Output<'memory', 'stats'>;

export interface Sample {
  /** Since the first sample. */
  seconds: number;
  used: number;
  cached: number;
  /** Percent; `null` before the first prompt. */
  hitRate: number | null;
  fragmentation: number;
  /** kB. */
  wasted: number;
}

/** Then every other sample of the older half is dropped. */
const LIMIT = 600;

/** @returns a new row; the old one stays as it is */
export function withSample(row: readonly Sample[], stats: Stats, seconds: number): Sample[] {
  const pool = stats.tiers[0];
  const sample: Sample = {
    seconds,
    used: pool?.used_blocks ?? 0,
    cached: pool?.cached_blocks ?? 0,
    hitRate: stats.prefix.hit_rate === null ? null : 100 * stats.prefix.hit_rate,
    fragmentation: 100 * stats.fragmentation,
    wasted: stats.wasted_bytes / 1000,
  };
  if (row.length < LIMIT) return [...row, sample];
  const half = row.length / 2;
  return [...row.filter((_, i) => i >= half || i % 2 === 0), sample];
}

/** Keeps the row while the panel is open. */
export class Recorder {
  samples: readonly Sample[] = [];
  /** Of the first sample. */
  #begunMs: number | null = null;
  #lastMs = -Infinity;

  /** @param everyMs sooner than this after the last sample, nothing is kept */
  record(stats: Stats, everyMs: number): readonly Sample[] {
    const now = performance.now();
    if (now - this.#lastMs >= everyMs) {
      this.#lastMs = now;
      this.#begunMs ??= now;
      this.samples = withSample(this.samples, stats, (now - this.#begunMs) / 1000);
    }
    return this.samples;
  }
}
