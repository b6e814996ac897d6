/** A workload on its way into an engine: which requests are still to come, and what became of those that came. */
import type { StepRecord } from '../decision.ts';
import type { Engine } from '../engine.ts';
import { InfeasibleRequestError, QueueFullError } from '../errors.ts';
import type { GenerationRequest, GenerationResult } from '../generation.ts';
import { servingMetrics, type ServiceLevelObjectives, type ServingMetrics } from './metrics.ts';
import { toGenerationRequest, type Workload, type WorkloadRequest } from './workload.ts';

export interface WorkloadRun {
  /** By order of submission. */
  results: GenerationResult[];
  refused: { request: WorkloadRequest; reason: string }[];
  /** Those beyond `detailedSteps` without their decisions. */
  records: StepRecord[];
  /** Sequences swapped out. */
  swaps: number;
  /** Of code under patch, where it threw or gave nonsense: what stood in for it made the rest of the run. */
  failures: { resource: string; message: string }[];
  metrics: ServingMetrics;
}

export interface RunOptions {
  objectives?: ServiceLevelObjectives;
  /** Ends the run early: generations under way are cancelled. */
  signal?: AbortSignal;
  /** Steps whose decisions are kept; all unless given. */
  detailedSteps?: number;
  /** Called after each step, for panels and measurements of memory. */
  onStep?: (record: StepRecord, engine: Engine) => void;
}

/** Failures of patched code that are kept of a run. */
const MAX_FAILURES = 20;

interface Arrival {
  request: WorkloadRequest;
  arrivalMs: number;
}

export class Feed {
  /** By time. */
  readonly #pending = new TakenInOrder<Arrival>();
  /** Requests of a closed loop that no user has sent yet. */
  readonly #reserve = new TakenInOrder<WorkloadRequest>();
  readonly #results: Promise<GenerationResult>[] = [];
  readonly #refused: { request: WorkloadRequest; reason: string }[] = [];
  readonly #records: StepRecord[] = [];
  readonly #failures: WorkloadRun['failures'] = [];
  #swaps = 0;
  readonly #underWay = new Set<string>();
  readonly #unsubscribe: () => void;
  #isCancelled = false;
  #ended: () => void = () => {};

  constructor(
    private readonly engine: Engine,
    private readonly workload: Workload,
    startMs: number,
    private readonly options: RunOptions,
  ) {
    const { requests, closedLoop } = workload;
    if (closedLoop) {
      for (const [i, request] of requests.entries()) {
        if (i < closedLoop.users) this.#pending.push({ request, arrivalMs: startMs });
        else this.#reserve.push(request);
      }
    } else {
      const arrivals = requests.map((request) => ({ request, arrivalMs: startMs + request.arrivalMs }));
      for (const arrival of arrivals.sort((a, b) => a.arrivalMs - b.arrivalMs)) this.#pending.push(arrival);
    }
    this.#unsubscribe = engine.subscribe((event) => {
      if (event.type === 'finished' && this.#underWay.delete(event.requestId)) this.#userIsFree(event.timeMs);
      if (event.type === 'patched_code_failed' && this.#failures.length < MAX_FAILURES) this.#failures.push(event);
      if (event.type !== 'step') return;
      for (const { action } of event.record.decisions) if (action === 'swap_out') this.#swaps++;
      const isDetailed = this.#records.length < (options.detailedSteps ?? Infinity);
      this.#records.push(isDetailed ? event.record : { ...event.record, decisions: [] });
      options.onStep?.(event.record, engine);
    });
  }

  get hasEnded(): boolean {
    return this.#pending.first === undefined && this.#underWay.size === 0;
  }

  /** When the next request arrives; `null` when none is known of. */
  nextMs(): number | null {
    return this.#pending.first?.arrivalMs ?? null;
  }

  /** Resolves when a request ends, or at once when all have. */
  nextEnding(): Promise<void> {
    return this.hasEnded ? Promise.resolve() : new Promise((resolve) => (this.#ended = resolve));
  }

  /** @param breathe gives the thread to others where it has been held for long */
  async submitUntil(nowMs: number, breathe: () => Promise<void> | undefined): Promise<void> {
    while ((this.#pending.first?.arrivalMs ?? Infinity) <= nowMs) {
      await breathe();
      // Cancelled meanwhile.
      const arrival = this.#pending.take();
      if (!arrival) return;
      const { request, arrivalMs } = arrival;
      this.#submit(request, { ...toGenerationRequest(request, this.engine.runner.shape.vocabSize), arrivalMs }, nowMs);
    }
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#pending.clear();
    this.#reserve.clear();
    for (const id of [...this.#underWay]) this.engine.cancel(id);
    this.#ended();
  }

  async finish(): Promise<WorkloadRun> {
    this.#unsubscribe();
    const results = await Promise.all(this.#results);
    return {
      results,
      refused: this.#refused,
      records: this.#records,
      swaps: this.#swaps,
      failures: this.#failures,
      metrics: servingMetrics(results, this.options.objectives, this.#refused.length),
    };
  }

  #submit(request: WorkloadRequest, generationRequest: GenerationRequest, nowMs: number): void {
    try {
      const { id, result } = this.engine.generate(generationRequest);
      this.#underWay.add(id);
      this.#results.push(result);
    } catch (thrown) {
      if (!(thrown instanceof QueueFullError || thrown instanceof InfeasibleRequestError)) throw thrown;
      this.#refused.push({ request, reason: thrown.message });
      this.#userIsFree(nowMs);
    }
  }

  /** In a closed loop the user thinks, then sends the next request. */
  #userIsFree(nowMs: number): void {
    const request = this.workload.closedLoop ? this.#reserve.take() : undefined;
    // Time goes on and all think as long: it is the last to come.
    if (request) this.#pending.push({ request, arrivalMs: nowMs + this.workload.closedLoop!.thinkMs });
    this.#ended();
  }
}

/** What is taken from its front: of an array that would move all the rest, each time. */
class TakenInOrder<T> {
  #items: T[] = [];
  #taken = 0;

  get first(): T | undefined {
    return this.#items[this.#taken];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  take(): T | undefined {
    const item = this.#items[this.#taken];
    if (item !== undefined) this.#taken++;
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#taken = 0;
  }
}
