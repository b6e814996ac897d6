/** The engine's configuration and what a valid one is. */
import { ConfigConflictError } from './errors.ts';
import type { EvictionSource } from './eviction.ts';
import type { PolicySource } from './policy.ts';

/**
 * How a step is filled.
 * - `prefill_first`: prompts take the whole step; sequences decode only in steps without prefill work.
 * - `decode_first`: every decoding sequence gets its token, what is left of the budget goes to prompts.
 * - `mixed`: one order over both, the policy's.
 */
export type ScheduleMode = 'prefill_first' | 'decode_first' | 'mixed';
export type PreemptionMode = 'recompute' | 'swap';
/**
 * How many blocks a sequence holds.
 * - `paged`: as many as its tokens need.
 * - `dynamic`: a capacity that doubles when it is full, as a contiguous buffer that grows.
 * - `static`: from the start as many as its maximum length needs.
 */
export type MemoryStrategy = 'paged' | 'dynamic' | 'static';

export interface EngineConfig {
  /** KV blocks in use, at most those of the runner's pool. */
  numBlocks: number;
  /** Tokens per block: the pool's. */
  blockSize: number;
  /** Sequences that run at once. */
  maxNumSeqs: number;
  /** Tokens computed in one step. */
  tokenBudget: number;
  /** Prompt tokens of one sequence computed in one step. */
  chunkSize: number;
  mode: ScheduleMode;
  preemption: PreemptionMode;
  strategy: MemoryStrategy;
  eviction: EvictionSource;
  /** Share of the blocks that admission leaves free for running sequences to grow. */
  watermark: number;
  prefixCaching: boolean;
  policy: PolicySource;
  policyParameters: Readonly<Record<string, number>>;
  /** Requests that may wait. */
  queueLimit: number;
}

export const DEFAULT_CONFIG = {
  maxNumSeqs: 16,
  tokenBudget: 512,
  chunkSize: 256,
  mode: 'decode_first',
  preemption: 'recompute',
  strategy: 'paged',
  watermark: 0.01,
  prefixCaching: true,
  policyParameters: {},
  queueLimit: 256,
} as const satisfies Partial<EngineConfig>;

const MINIMA: Partial<Record<keyof EngineConfig, number>> = {
  numBlocks: 1,
  blockSize: 1,
  maxNumSeqs: 1,
  tokenBudget: 1,
  chunkSize: 1,
  queueLimit: 1,
};

/** Throws a `ConfigConflictError` that names the first field out of its bounds. */
export function checkConfig(config: EngineConfig): void {
  for (const [field, minimum] of Object.entries(MINIMA)) {
    const value = config[field as keyof EngineConfig];
    if (!Number.isInteger(value) || (value as number) < minimum)
      throw new ConfigConflictError(field, `must be a whole number of at least ${minimum}; it is ${String(value)}.`);
  }
  if (!(config.watermark >= 0 && config.watermark < 1))
    throw new ConfigConflictError('watermark', `must be at least 0 and less than 1; it is ${config.watermark}.`);
}
