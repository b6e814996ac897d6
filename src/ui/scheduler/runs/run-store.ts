/** Runs that were made, and the one under way; they outlive the tab of the panel, not the page. */
import type { PageClient } from '../../../client/page-client.ts';
import { ApiError } from '../../../contract/index.ts';
import type { Step } from '../timeline.ts';
import type { Schedule } from './compare.ts';
import type { ScheduleInput } from '../../kit/workload/draft.ts';

export interface Run {
  /** A, B, … */
  name: string;
  /** What it was, in a few words. */
  title: string;
  result: Schedule;
}

export interface Runs {
  runs: readonly Run[];
  underWay: { title: string; mode: 'simulate' | 'run'; steps: number } | null;
  failure: unknown;
}

/** The oldest are forgotten first. */
const KEPT = 12;

export class RunStore {
  #state: Runs = { runs: [], underWay: null, failure: null };
  #abort: AbortController | null = null;
  #made = 0;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly client: PageClient) {}

  get state(): Runs {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resolves with the run, or with `null` where it failed; `state` then says why. */
  async start(input: ScheduleInput, title: string): Promise<Run | null> {
    if (this.#state.underWay) return null;
    const abort = new AbortController();
    this.#abort = abort;
    const mode = input.mode ?? 'simulate';
    this.#change({ underWay: { title, mode, steps: 0 }, failure: null });
    try {
      const result =
        mode === 'run'
          ? await this.#live(input, abort.signal)
          : ((await this.client.post('scheduler', 'schedule', input, { signal: abort.signal })) as Schedule);
      const run = { name: nameOf(this.#made++), title, result };
      this.#change({ runs: [run, ...this.#state.runs].slice(0, KEPT), underWay: null });
      return run;
    } catch (error) {
      this.#change({ underWay: null, failure: abort.signal.aborted || ApiError.from(error).code === 'cancelled' ? null : error });
      return null;
    }
  }

  stop(): void {
    this.#abort?.abort();
  }

  fail(failure: unknown): void {
    this.#change({ failure });
  }

  /** As it happens, so that one sees that it does; the result of a stream comes without its steps. */
  async #live(input: ScheduleInput, signal: AbortSignal): Promise<Schedule> {
    const steps: Step[] = [];
    for await (const event of this.client.stream('scheduler', 'schedule', { ...input, stream: true }, { signal })) {
      if (event.event === 'done') return { ...event.data, steps: event.data.steps.length > 0 ? event.data.steps : steps };
      steps.push(event.data);
      const { underWay } = this.#state;
      if (underWay && steps.length % 20 === 0) this.#change({ underWay: { ...underWay, steps: steps.length } });
    }
    throw new ApiError('cancelled', 'The run ended before its result came.');
  }

  #change(change: Partial<Runs>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** A … Z, then A1 … */
const nameOf = (index: number): string => `${String.fromCharCode(65 + (index % 26))}${index >= 26 ? Math.floor(index / 26) : ''}`;

const stores = new WeakMap<PageClient, RunStore>();

export function runStoreOf(client: PageClient): RunStore {
  const known = stores.get(client);
  if (known) return known;
  const made = new RunStore(client);
  stores.set(client, made);
  return made;
}
