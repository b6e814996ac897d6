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

export class Feed {
  readonly #pending: { request: WorkloadRequest; arrivalMs: number }[] = [];
  /** Requests of a closed loop that no user has sent yet. */
  readonly #reserve: WorkloadRequest[] = [];
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
      for (const request of requests) this.#reserve.push(request);
      for (const request of this.#reserve.splice(0, closedLoop.users)) this.#pending.push({ request, arrivalMs: startMs });
    } else {
      for (const request of requests) this.#pending.push({ request, arrivalMs: startMs + request.arrivalMs });
      this.#pending.sort((a, b) => a.arrivalMs - b.arrivalMs);
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
    return this.#pending.length === 0 && this.#underWay.size === 0;
  }

  /** When the next request arrives; `null` when none is known of. */
  nextMs(): number | null {
    return this.#pending[0]?.arrivalMs ?? null;
  }

  /** Resolves when a request ends, or at once when all have. */
  nextEnding(): Promise<void> {
    return this.hasEnded ? Promise.resolve() : new Promise((resolve) => (this.#ended = resolve));
  }

  submitUntil(nowMs: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.arrivalMs <= nowMs) {
      const { request, arrivalMs } = this.#pending.shift()!;
      this.#submit(request, { ...toGenerationRequest(request, this.engine.runner.shape.vocabSize), arrivalMs }, nowMs);
    }
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#pending.length = 0;
    this.#reserve.length = 0;
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
    const request = this.workload.closedLoop ? this.#reserve.shift() : undefined;
    if (request) {
      this.#pending.push({ request, arrivalMs: nowMs + this.workload.closedLoop!.thinkMs });
      this.#pending.sort((a, b) => a.arrivalMs - b.arrivalMs);
    }
    this.#ended();
  }
}
