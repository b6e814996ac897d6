/** The engine's public face: requests in, tokens out, and every change of the machinery while it runs. */
import { moveBlocks } from './block-mover.ts';
import type { Allocation } from './allocations.ts';
import type { EngineConfig } from './config.ts';
import type { Constraint, Decision, StepRecord } from './decision.ts';
import { Driver } from './driver.ts';
import { EngineState, type EngineOptions } from './engine-state.ts';
import {
  ConfigConflictError,
  DuplicateGenerationError,
  EngineFailedError,
  GenerationFinishedError,
  InfeasibleRequestError,
  messageOf,
  QueueFullError,
  UnknownGenerationError,
} from './errors.ts';
import type { EngineListener } from './events.ts';
import type { CancelResult, Generation, GenerationRequest, GenerationStatus } from './generation.ts';
import { takeIn } from './intake.ts';
import { migrate } from './migration.ts';
import type { ModelRunner } from './model-runner.ts';
import { recoverFrom, replaceRunner, setRevision, type Unfinished } from './recovery.ts';
import type { SamplingFunction } from './sampler.ts';
import { engineStats, memoryMap, type EngineStats, type MemoryMap } from './stats.ts';
import { step } from './step.ts';
import { Tiers, type Tier } from './tiers.ts';

/**
 * Serves requests to one runner, in continuous batches over a paged KV cache.
 * @example
 * const engine = new Engine(runner, { policy: fcfs, eviction: lru, sample });
 * const { events, result } = engine.generate({ promptTokenIds: [1, 5, 6], maxNewTokens: 8 });
 * for await (const { tokenId } of events) console.log(tokenId);
 */
export class Engine {
  readonly #state: EngineState;
  readonly #driver: Driver;

  /** Throws a `ConfigConflictError` for a configuration that the runner's pool can't serve. */
  constructor(runner: ModelRunner, options: EngineOptions) {
    this.#state = new EngineState(runner, options);
    this.#driver = new Driver(() => step(this.#state), options.drive === 'manual', options.yieldToEventLoop);
  }

  get config(): Readonly<EngineConfig> {
    return this.#state.config;
  }

  get runner(): ModelRunner {
    return this.#state.runner;
  }

  get weightsHash(): string {
    return this.#state.weightsHash;
  }

  get codeRevision(): string {
    return this.#state.codeRevision;
  }

  /** Queues a request. Throws `QueueFullError`, `InfeasibleRequestError`, `DuplicateGenerationError`, `EngineFailedError`. */
  generate(request: GenerationRequest): Generation {
    const { generations, scheduler, config, runner, blocks, failure } = this.#state;
    const id = request.id ?? generations.freeId();
    try {
      if (failure !== null || this.#driver.isStopped) throw new EngineFailedError(failure ?? 'it was stopped.');
      // One that has ended may be used again.
      if (generations.find(id)) throw new DuplicateGenerationError(id);
      if (scheduler.waiting.length >= config.queueLimit) throw new QueueFullError(scheduler.waiting.length, config.queueLimit);
      const task = takeIn(request, id, generations.numArrived, this.#state.now(), runner.shape, blocks);
      generations.add(task);
      this.#driver.rouse();
      return task;
    } catch (thrown) {
      this.#refuse(id, thrown);
      throw thrown;
    }
  }

  /** Ends a generation now and frees its blocks. Throws `UnknownGenerationError`, `GenerationFinishedError`. */
  cancel(id: string): CancelResult {
    const { generations } = this.#state;
    const task = generations.find(id);
    if (!task) {
      const finished = generations.status(id);
      throw finished ? new GenerationFinishedError(id, finished.finishReason ?? 'stop') : new UnknownGenerationError(id);
    }
    let tokensSaved = task.first.pendingForks * (task.first.maxLength - task.first.promptLength);
    let blocksFreed = 0;
    for (const sequence of task.sequences) {
      if (sequence.hasFinished) continue;
      tokensSaved += sequence.maxLength - sequence.length;
      blocksFreed += generations.finish(sequence, 'cancelled', 'Cancelled by the caller.');
    }
    this.#driver.rouse();
    return { id, completionTokens: task.completionTokens, tokensSaved, blocksFreed };
  }

  /** Those under way by arrival, then the last that ended. */
  list(): GenerationStatus[] {
    return this.#state.generations.list();
  }

  get(id: string): GenerationStatus | undefined {
    return this.#state.generations.status(id);
  }

  /**
   * New weights, or the same in a new pool, between two steps; the prefix cache is dropped and `numBlocks` and `blockSize` become the pool's.
   * The caller disposes of the old runner.
   */
  replaceRunner(runner: ModelRunner, weightsHash: string, unfinished: Unfinished = 'end'): Promise<void> {
    return this.#driver.change(() => replaceRunner(this.#state, runner, weightsHash, unfinished));
  }

  /** New code of the model in the same runner, between two steps; `prepare` is awaited there, to put the code into the runner. */
  setRevision(codeRevision: string, unfinished: Unfinished = 'replay', prepare?: () => Promise<void>): Promise<void> {
    return this.#driver.change(async () => {
      await prepare?.();
      setRevision(this.#state, codeRevision, unfinished);
    });
  }

  /** Active from the next token on. */
  setSampler(sample: SamplingFunction): void {
    this.#state.sample = sample;
  }

  /**
   * Changes the configuration, and the tiers below the pool where some are given, between two steps. Rejects with `ConfigConflictError`,
   * having changed nothing; so while a swapped sequence lies in the old tiers.
   */
  configure(changes: Partial<EngineConfig>, tiers?: readonly Tier[]): Promise<EngineConfig> {
    return this.#driver.change(async () => {
      const state = this.#state;
      const used = state.blocks.tiers.stats().reduce((sum, tier) => sum + tier.usedBlocks, 0);
      if (tiers && used > 0)
        throw new ConfigConflictError(
          'tiers',
          `can't be changed while ${used} blocks of swapped sequences lie in them; let those end or cancel them first.`,
        );
      state.config = migrate(state.config, changes, state.scheduler, state.blocks, state.runner.pool);
      if (tiers) state.blocks.tiers = new Tiers(tiers);
      await moveBlocks(state.blocks.takeMoves(), state.runner.pool).catch((thrown: unknown) => recoverFrom(state, thrown, [], false));
      state.events.emit({ type: 'config_changed', timeMs: state.now(), config: state.config });
      return state.config;
    });
  }

  /** Holds blocks for `tokens` tokens, in the pool that serves requests. Throws `OutOfBlocksError`, `DuplicateAllocationError`. */
  allocate(tokens: number, id?: string): Allocation {
    const { allocations, blocks, runner, events, now } = this.#state;
    const allocation = allocations.add(blocks, runner.pool, tokens, now(), id);
    events.emit({ type: 'memory_changed', timeMs: now() });
    return allocation;
  }

  /** How many blocks it freed. Throws `UnknownAllocationError`. */
  free(id: string): number {
    const { allocations, blocks, events, now } = this.#state;
    const freed = allocations.free(blocks, id);
    events.emit({ type: 'memory_changed', timeMs: now() });
    this.#driver.rouse();
    return freed;
  }

  allocations(): Allocation[] {
    return this.#state.allocations.list(this.#state.blocks, this.#state.runner.pool);
  }

  stats(): EngineStats {
    return engineStats(this.#state);
  }

  memoryMap(): MemoryMap {
    return memoryMap(this.#state);
  }

  /** The last steps with their decisions, oldest first. */
  history(): readonly StepRecord[] {
    return this.#state.history.items();
  }

  /** The last decisions about one request, oldest first. */
  decisionsOf(id: string): Decision[] {
    return [...this.history().flatMap(({ decisions }) => decisions), ...this.#state.scheduler.notes].filter(
      ({ requestId }) => requestId === id,
    );
  }

  subscribe(listener: EngineListener): () => void {
    return this.#state.events.subscribe(listener);
  }

  /** Takes one step; false when nothing could be done. Only needed with `drive: 'manual'`. */
  step(): Promise<boolean> {
    return this.#driver.takeStep();
  }

  /** Resolves when no generation is under way. */
  idle(): Promise<void> {
    return this.#state.generations.idle();
  }

  /** Ends every generation, and the loop; the runner is the caller's to dispose of. */
  async stop(): Promise<void> {
    const stopped = this.#driver.stop();
    for (const id of this.#state.generations.ids) this.cancel(id);
    await stopped;
  }

  /** Records why a request was not taken. */
  #refuse(id: string, thrown: unknown): void {
    const { counters, scheduler, events, now } = this.#state;
    counters.refused++;
    scheduler.note({ requestId: id, index: 0 }, 'refuse', messageOf(thrown), refusalConstraint(thrown));
    events.emit({ type: 'refused', requestId: id, timeMs: now(), reason: messageOf(thrown) });
  }
}

const CONSTRAINT_OF = {
  empty_prompt: 'prompt',
  invalid_parameter: 'parameter',
  token_out_of_range: 'vocabulary',
  context_exceeded: 'context',
  out_of_blocks: 'free_blocks',
} as const;

function refusalConstraint(thrown: unknown): Constraint | null {
  if (thrown instanceof QueueFullError)
    return { name: 'queue_limit', needed: thrown.waiting + 1, available: thrown.limit, limit: thrown.limit };
  if (thrown instanceof InfeasibleRequestError)
    return { name: CONSTRAINT_OF[thrown.reason], needed: thrown.needed, available: thrown.available, limit: thrown.available };
  return null;
}
