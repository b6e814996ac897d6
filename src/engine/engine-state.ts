/** What the engine is at one moment, owned in one place: the step, the recovery and the public face work on it. */
import { Allocations } from './allocations.ts';
import { BlockManager } from './block-manager.ts';
import { checkConfig, DEFAULT_CONFIG, type EngineConfig } from './config.ts';
import type { StepRecord } from './decision.ts';
import { ConfigConflictError, type PatchedCodeError } from './errors.ts';
import { EventHub } from './events.ts';
import type { EvictionSource } from './eviction.ts';
import { Generations } from './generations.ts';
import { Ring } from './history.ts';
import type { ModelRunner } from './model-runner.ts';
import type { PolicySource } from './policy.ts';
import type { SamplingFunction } from './sampler.ts';
import { Scheduler } from './scheduler.ts';
import { Tiers, type Tier } from './tiers.ts';

/** What the engine is made with; everything but `policy`, `eviction` and `sample` has a default. */
export interface EngineOptions extends Partial<EngineConfig> {
  policy: PolicySource;
  eviction: EvictionSource;
  sample: SamplingFunction;
  weightsHash?: string;
  codeRevision?: string;
  /** Below the pool, the fastest first. */
  tiers?: readonly Tier[];
  /** Milliseconds, never going back; `performance.now` by default. */
  now?: () => number;
  /** Called when a run rejects; gives a working runner, or rejects when there is none. By default the runner stays and its pool is taken for lost. */
  recover?: (error: unknown, runner: ModelRunner) => Promise<Recovery>;
  /** Lets others run between two steps. */
  yieldToEventLoop?: () => Promise<void>;
  /** `manual`: nothing runs but by `step()`, for simulation and tests. */
  drive?: 'auto' | 'manual';
  /** Steps whose records are kept. */
  historySteps?: number;
}

export interface Recovery {
  runner: ModelRunner;
  /** The pool still holds what it held before the failed run. */
  poolIntact: boolean;
}

export class EngineState {
  config: EngineConfig;
  runner: ModelRunner;
  blocks: BlockManager;
  sample: SamplingFunction;
  weightsHash: string;
  codeRevision: string;
  /** Why no runner works; `null` while one does. */
  failure: string | null = null;
  readonly scheduler: Scheduler;
  readonly generations: Generations;
  readonly allocations = new Allocations();
  readonly events = new EventHub();
  readonly history: Ring<StepRecord>;
  readonly counters = { refused: 0, promptTokens: 0, completionTokens: 0, failedRuns: 0, stepMs: 0, runMs: 0 };
  readonly now: () => number;
  readonly recover: (error: unknown, runner: ModelRunner) => Promise<Recovery>;

  /** Throws a `ConfigConflictError` for a configuration that the runner's pool can't serve, a `RangeError` for unfit policy parameters. */
  constructor(runner: ModelRunner, options: EngineOptions) {
    const {
      sample,
      weightsHash = '',
      codeRevision = '',
      tiers = [],
      now,
      recover,
      yieldToEventLoop: _,
      drive: __,
      historySteps = 256,
      ...config
    } = options;
    const { numBlocks, blockSize } = runner.pool;
    this.config = { ...DEFAULT_CONFIG, numBlocks, blockSize, ...config };
    checkConfig(this.config);
    if (this.config.numBlocks > numBlocks || this.config.blockSize !== blockSize) {
      throw new ConfigConflictError(
        'numBlocks',
        `must fit the pool of ${numBlocks} blocks of ${blockSize} tokens; it is ${this.config.numBlocks} of ${this.config.blockSize}.`,
      );
    }
    this.runner = runner;
    this.sample = sample;
    this.weightsHash = weightsHash;
    this.codeRevision = codeRevision;
    this.now = now ?? (() => performance.now());
    this.recover = recover ?? (async () => ({ runner: this.runner, poolIntact: false }));
    this.history = new Ring(historySteps);
    this.blocks = this.#newBlocks(new Tiers(tiers));
    this.scheduler = new Scheduler(this.config, this.blocks);
    this.scheduler.onPatchedCodeFailed = (error) => this.reportPatch(error);
    this.generations = new Generations(this.scheduler, this.events, this.now);
  }

  /** Puts a new block manager in place. No sequence holds blocks now; allocations keep theirs as far as there is room. */
  renewBlocks(): void {
    this.blocks = this.#newBlocks(this.blocks.tiers);
    this.scheduler.blocks = this.blocks;
    this.scheduler.config = this.config;
    this.allocations.renew(this.blocks);
  }

  reportPatch({ resource, message }: PatchedCodeError): void {
    this.events.emit({ type: 'patched_code_failed', timeMs: this.now(), resource, message });
  }

  #newBlocks(tiers: Tiers): BlockManager {
    const blocks = new BlockManager({ ...this.config, weightsHash: this.weightsHash, codeRevision: this.codeRevision });
    blocks.tiers = tiers;
    blocks.pool.onPatchedCodeFailed = (error) => this.reportPatch(error);
    return blocks;
  }
}
