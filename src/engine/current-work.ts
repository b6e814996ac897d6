/** What this thread computes at the moment, told to whoever watches it from another thread: one that computes cannot be asked. */
import { noteChanges } from '../environment/intrinsics.ts';
import type { Work } from '../environment/work.ts';
import { yieldToEventLoop } from './event-loop.ts';

type Tell = (work: Work | null) => void;

/** What goes on after inner work is told again this often at most: a policy is asked a million times in one computation. */
const BACK_EVERY_MS = 5;

/**
 * The end of all is told a turn of the event loop later, so that promises settled inside count to it and repeated work is told once. That of
 * inner work is told at once, where what is around it goes on: a normalizer is not to be taken for the long tokenization after it.
 */
class CurrentWork {
  /** The innermost last; what waits for something stays in it. */
  readonly #under: Work[] = [];
  #told: Work | null = null;
  #isLeaving = false;
  #backMs = -Infinity;
  #tell: Tell | null = null;
  readonly #over = new WeakSet<Work>();

  get current(): Work | null {
    return this.#under.at(-1) ?? null;
  }

  /** @param tell called before work begins that was not told of, and after it has ended */
  watch(tell: Tell): void {
    this.#tell = tell;
  }

  enter(work: Work): void {
    this.#under.push(work);
    if (!this.#tell || work === this.#told) return;
    this.#told = work;
    this.#tell(work);
  }

  leave(work: Work): void {
    const at = this.#under.lastIndexOf(work);
    if (at >= 0) this.#under.splice(at, 1);
    if (!this.#tell) return;
    const { current } = this;
    if (current && current !== this.#told) this.#goBack(current);
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    void yieldToEventLoop().then(() => this.#left());
  }

  /** Timers that it has set, and those that it would still set, come to nothing. */
  end(work: Work): void {
    this.#over.add(work);
  }

  isOver(work: Work): boolean {
    return this.#over.has(work);
  }

  within<T>(work: Work, task: () => T): T {
    this.enter(work);
    try {
      return task();
    } finally {
      this.leave(work);
    }
  }

  /** Until the promise settles, with what else happens meanwhile. */
  async throughout<T>(work: Work, task: () => Promise<T>): Promise<T> {
    this.enter(work);
    try {
      return await task();
    } finally {
      this.leave(work);
    }
  }

  #goBack(current: Work): void {
    const now = performance.now();
    if (now - this.#backMs < BACK_EVERY_MS) return;
    this.#backMs = now;
    this.#told = current;
    this.#tell?.(current);
  }

  #left(): void {
    this.#isLeaving = false;
    const { current } = this;
    if (current === this.#told) return;
    this.#told = current;
    this.#tell?.(current);
  }
}

/** Of this thread. */
export const currentWork = new CurrentWork();

type Callback = (...args: unknown[]) => unknown;
type Scheduler = (callback: unknown, ...rest: unknown[]) => unknown;

/** Timers and microtasks count to the patch or script that sets them, and end with it. */
export function attributeCallbacks(scope: Record<string, unknown>, work = currentWork): void {
  for (const name of ['setTimeout', 'setInterval', 'queueMicrotask']) {
    const original = scope[name] as Scheduler;
    scope[name] = (callback: unknown, ...rest: unknown[]) => {
      const { current } = work;
      if (!current || (current.kind !== 'patch' && current.kind !== 'script') || typeof callback !== 'function')
        return original.call(scope, callback, ...rest);
      const run = (...args: unknown[]): unknown => {
        if (!work.isOver(current)) {
          try {
            return work.within(current, () => (callback as Callback)(...args));
          } finally {
            noteChanges(`A timer of ${current.what}`);
          }
        }
        if (name === 'setInterval') (scope['clearInterval'] as Scheduler).call(scope, id);
        return undefined;
      };
      const id = original.call(scope, run, ...rest);
      return id;
    };
  }
}
