/** The reasoning of the scheduler: what it did with each request in a step, by which rule, and what bound it. */

export type Action = 'admit' | 'wait' | 'chunk' | 'decode' | 'preempt' | 'swap_out' | 'swap_in' | 'finish' | 'refuse';

export type ConstraintName =
  | 'token_budget'
  | 'max_num_seqs'
  | 'chunk_size'
  | 'free_blocks'
  | 'watermark'
  | 'tier_blocks'
  | 'order'
  | 'mode'
  | 'quarantine'
  | 'max_length'
  | 'context'
  | 'queue_limit'
  | 'vocabulary'
  | 'prompt'
  | 'parameter';

/** The bound that decided, with its numbers: `needed` did not fit into `available` of `limit`. */
export interface Constraint {
  readonly name: ConstraintName;
  readonly needed: number;
  readonly available: number;
  readonly limit: number;
}

export interface Decision {
  readonly step: number;
  readonly requestId: string;
  /** Which sample of the request. */
  readonly index: number;
  readonly action: Action;
  /** Tokens computed for it in this step. */
  readonly tokens: number;
  readonly rule: string;
  /** `null`: nothing stood in the way. */
  readonly constraint: Constraint | null;
  /** Ids of the sequences that could have been chosen instead. */
  readonly passedOver: readonly string[];
}

/** What a step cost and held, for panels, the simulation's fit and the share of JavaScript. */
export interface StepRecord {
  readonly step: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Inside the runtime. */
  readonly runMs: number;
  readonly scheduleMs: number;
  /** Copy-on-write copies and swaps. */
  readonly moveMs: number;
  readonly sampleMs: number;
  readonly features: StepFeatures;
  readonly decisions: readonly Decision[];
  readonly numWaiting: number;
  readonly numRunning: number;
  readonly numSwapped: number;
  readonly freeBlocks: number;
  readonly cachedBlocks: number;
  readonly referencedBlocks: number;
  /** The run's failure; `null` when it passed. */
  readonly error: string | null;
}

/** What a step's duration depends on. */
export interface StepFeatures {
  /** Rows of the batch. */
  readonly batchSize: number;
  /** Tokens of rows that compute more than one or do not sample. */
  readonly prefillTokens: number;
  readonly decodeTokens: number;
  /** Sum over rows of tokens in the pool before the step. */
  readonly contextTokens: number;
  /** Sum over rows of new tokens × (past + new tokens): the work of attention. */
  readonly attendedPairs: number;
  /** Blocks copied, swapped out or swapped in. */
  readonly movedBlocks: number;
}
