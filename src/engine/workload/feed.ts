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
  records: StepRecord[];
  metrics: ServingMetrics;
}

export interface RunOptions {
  objectives?: ServiceLevelObjectives;
  /** Ends the run early: generations under way are cancelled. */
  signal?: AbortSignal;
  /** Called after each step, for panels and measurements of memory. */
  onStep?: (record: StepRecord, engine: Engine) => void;
}

export class Feed {
  readonly #pending: { request: WorkloadRequest; arrivalMs: number }[] = [];
  /** Requests of a closed loop that no user has sent yet. */
  readonly #reserve: WorkloadRequest[] = [];
  readonly #results: Promise<GenerationResult>[] = [];
  readonly #refused: { request: WorkloadRequest; reason: string }[] = [];
  readonly #records: StepRecord[] = [];
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
      this.#reserve.push(...requests);
      for (const request of this.#reserve.splice(0, closedLoop.users)) this.#pending.push({ request, arrivalMs: startMs });
    } else {
      for (const request of requests) this.#pending.push({ request, arrivalMs: startMs + request.arrivalMs });
      this.#pending.sort((a, b) => a.arrivalMs - b.arrivalMs);
    }
    this.#unsubscribe = engine.subscribe((event) => {
      if (event.type === 'finished' && this.#underWay.delete(event.requestId)) this.#userIsFree(event.timeMs);
      if (event.type !== 'step') return;
      this.#records.push(event.record);
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
