/** A handful of generations, so that there is something to see: staggered arrivals, a common prefix, parallel samples. */
import type { Client } from '../../../client/client.ts';
import { ApiError } from '../../../contract/index.ts';
import { Observable } from '../../../environment/observable.ts';
import { perClient, Work } from '../work.ts';

const PREFIX =
  'Once upon a time, in a small village near the big forest, there lived a little girl named Lily. She had a red ball and a kind dog.';

const STORIES: readonly { prompt: string; n: number; max_new_tokens: number; priority: number }[] = [
  { prompt: `${PREFIX} One day,`, n: 3, max_new_tokens: 220, priority: 0 },
  { prompt: 'Tom was a very brave boy. He wanted to see the sea, so he', n: 1, max_new_tokens: 320, priority: 0 },
  { prompt: `${PREFIX} Her mother said:`, n: 2, max_new_tokens: 160, priority: 0 },
  { prompt: 'The old cat sat under the tree and', n: 1, max_new_tokens: 400, priority: 2 },
  { prompt: `${PREFIX} In the morning`, n: 1, max_new_tokens: 260, priority: 0 },
  { prompt: 'There was a tiny boat on a blue lake.', n: 4, max_new_tokens: 180, priority: 1 },
  { prompt: `${PREFIX} At night`, n: 2, max_new_tokens: 240, priority: -1 },
  { prompt: 'Ben and Mia went to the park to', n: 1, max_new_tokens: 380, priority: 0 },
  { prompt: 'A bird came to the window and sang. Sara', n: 2, max_new_tokens: 300, priority: 0 },
  { prompt: `${PREFIX} Then a bear`, n: 1, max_new_tokens: 200, priority: 0 },
];

const EVERY_MS = 350;

export interface WorkloadState {
  total: number;
  /** Begun and not ended. */
  live: number;
  ended: number;
  running: boolean;
  failure: unknown;
}

export class SmallWorkload {
  readonly state = new Observable<WorkloadState>({ total: 0, live: 0, ended: 0, running: false, failure: null });
  readonly #work = new Work();

  constructor(private readonly client: Client) {}

  async start(): Promise<void> {
    if (this.#work.isRunning) return;
    this.#change({ total: STORIES.length, live: 0, ended: 0, running: true, failure: null });
    await this.#work.run((signal) => Promise.all(STORIES.map((story, i) => this.#serve(story, i, signal))));
    this.#change({ running: false, live: 0 });
  }

  /** Cancels what runs; its blocks are free within a step. */
  stop(): void {
    this.#work.stop();
  }

  async #serve(story: (typeof STORIES)[number], index: number, signal: AbortSignal): Promise<void> {
    await pause(index * EVERY_MS, signal);
    if (signal.aborted) return;
    this.#change({ live: this.state.get().live + 1 });
    try {
      const input = { ...story, temperature: 0.9, seed: index + 1, ignore_eos: true, stream: true };
      // By the port whatever the mode: hundreds of events a second would only measure the service worker.
      const events = this.client.via('direct').stream('model', 'generate', input, { signal });
      for await (const { event } of events) if (event === 'done') break;
    } catch (error) {
      if (!signal.aborted && ApiError.from(error).code !== 'cancelled') this.#change({ failure: error });
    }
    this.#change({ live: this.state.get().live - 1, ended: this.state.get().ended + 1 });
  }

  #change(change: Partial<WorkloadState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** One for the page: it goes on while one looks at another panel. */
export const smallWorkloadOf = perClient((client: Client) => new SmallWorkload(client));
