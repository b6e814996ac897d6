/** All generations: those under way and the last that ended. A sequence ends here and nowhere else. */
import type { Constraint } from './decision.ts';
import type { EventHub } from './events.ts';
import type { GenerationStatus, GenerationTask } from './generation.ts';
import { Ring } from './history.ts';
import type { Scheduler } from './scheduler.ts';
import type { FinishReason, Sequence } from './sequence.ts';

/** Generations that ended and are still listed. */
const FINISHED_KEPT = 100;

export class Generations {
  numArrived = 0;
  numFinished = 0;
  readonly #underWay = new Map<string, GenerationTask>();
  readonly #finished = new Ring<GenerationTask>(FINISHED_KEPT);
  #whenIdle: (() => void)[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly events: EventHub,
    private readonly now: () => number,
  ) {}

  get isIdle(): boolean {
    return this.#underWay.size === 0;
  }

  get ids(): string[] {
    return [...this.#underWay.keys()];
  }

  /** An id that no caller has chosen for one that is still known. */
  freeId(): string {
    for (let i = this.numArrived; ; i++) if (!this.status(`gen_${i}`)) return `gen_${i}`;
  }

  add(task: GenerationTask): void {
    this.numArrived++;
    this.#finished.drop(({ id }) => id === task.id);
    this.#underWay.set(task.id, task);
    this.scheduler.add(task.first);
    this.events.emit({ type: 'arrived', requestId: task.id, timeMs: task.first.arrivalMs });
  }

  /** The generation under way with this id. */
  find(id: string): GenerationTask | undefined {
    return this.#underWay.get(id);
  }

  status(id: string): GenerationStatus | undefined {
    return (this.find(id) ?? this.#finished.items().findLast((task) => task.id === id))?.status();
  }

  /** Those under way by arrival, then those that ended. */
  list(): GenerationStatus[] {
    return [...this.#underWay.values(), ...this.#finished.items()].map((task) => task.status());
  }

  /** Ends a sequence, and its generation with the last one; how many blocks became nobody's. */
  finish(sequence: Sequence, reason: FinishReason, rule: string, constraint: Constraint | null = null, timeMs = this.now()): number {
    const freed = this.scheduler.finish(sequence, reason, rule, constraint);
    sequence.finishedMs = timeMs;
    if (reason === 'error') sequence.error = rule;
    const task = this.find(sequence.requestId);
    if (!task?.settle()) return freed;
    this.#underWay.delete(task.id);
    this.#finished.push(task);
    this.numFinished++;
    this.events.emit({ type: 'finished', requestId: task.id, timeMs, finishReason: reason });
    if (this.isIdle) for (const resolve of this.#whenIdle.splice(0)) resolve();
    return freed;
  }

  /** Resolves when none is under way. */
  idle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }
}
