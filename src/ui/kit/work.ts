/** Work that a person starts and may stop: one at a time, it outlives the panel that shows it, and ends in one of three ways. */
import { ApiError } from '../../contract/index.ts';

export type Ended<T> = { state: 'done'; result: T } | { state: 'stopped' } | { state: 'failed'; error: ApiError };

export class Work {
  #abort: AbortController | null = null;

  get isRunning(): boolean {
    return this.#abort !== null;
  }

  /** Begins anew: what runs is told to stop first. Never rejects. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Ended<T>> {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      return { state: 'done', result: await work(abort.signal) };
    } catch (reason) {
      const error = ApiError.from(reason);
      return abort.signal.aborted || error.code === 'cancelled' ? { state: 'stopped' } : { state: 'failed', error };
    } finally {
      if (this.#abort === abort) this.#abort = null;
    }
  }

  stop(): void {
    this.#abort?.abort();
  }
}

/** One for each client, made on first use: what it holds lasts as long as the page. */
export function perClient<C extends object, T>(make: (client: C) => T): (client: C) => T {
  const made = new WeakMap<C, T>();
  return (client) => {
    if (!made.has(client)) made.set(client, make(client));
    return made.get(client)!;
  };
}
