/** Runs that were made, and the one under way; they outlive the tab of the panel, not the page. */
import type { PageClient } from '../../../client/page-client.ts';
import { ApiError } from '../../../contract/index.ts';
import { Observable } from '../../../environment/observable.ts';
import { perClient, Work } from '../../kit/work.ts';
import type { Step } from '../timeline.ts';
import type { Schedule } from './compare.ts';
import type { ScheduleInput } from './draft.ts';

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
  readonly state = new Observable<Runs>({ runs: [], underWay: null, failure: null });
  readonly #work = new Work();
  #made = 0;

  constructor(private readonly client: PageClient) {}

  /** Resolves with the run, or with `null` where it failed; `state` then says why. */
  async start(input: ScheduleInput, title: string): Promise<Run | null> {
    if (this.#work.isRunning) return null;
    const mode = input.mode ?? 'simulate';
    this.#change({ underWay: { title, mode, steps: 0 }, failure: null });
    const ended = await this.#work.run(async (signal) =>
      mode === 'run' ? this.#live(input, signal) : ((await this.client.post('scheduler', 'schedule', input, { signal })) as Schedule),
    );
    if (ended.state !== 'done') {
      this.#change({ underWay: null, failure: ended.state === 'failed' ? ended.error : null });
      return null;
    }
    const run = { name: nameOf(this.#made++), title, result: ended.result };
    this.#change({ runs: [run, ...this.state.get().runs].slice(0, KEPT), underWay: null });
    return run;
  }

  stop(): void {
    this.#work.stop();
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
      const { underWay } = this.state.get();
      if (underWay && steps.length % 20 === 0) this.#change({ underWay: { ...underWay, steps: steps.length } });
    }
    throw new ApiError('cancelled', 'The run ended before its result came.');
  }

  #change(change: Partial<Runs>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

/** A … Z, then A1 … */
const nameOf = (index: number): string => `${String.fromCharCode(65 + (index % 26))}${index >= 26 ? Math.floor(index / 26) : ''}`;

export const runStoreOf = perClient((client: PageClient) => new RunStore(client));
