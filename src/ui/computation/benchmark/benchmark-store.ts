/** Benchmarks that were made, and the one under way with the results it has so far; they outlive the tab of the panel, not the page. */
import { useSyncExternalStore } from 'react';
import type { PageClient } from '../../../client/page-client.ts';
import { ApiError } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { type BenchmarkInput, resultsOf } from './benchmark-draft.ts';
import type { Benchmark, BenchmarkResult } from './results.ts';

export interface BenchmarkRun {
  /** 1, 2, … */
  number: number;
  title: string;
  input: BenchmarkInput;
  swept: readonly string[];
  results: readonly BenchmarkResult[];
  total: number;
  /** With its end. */
  whole: Benchmark | null;
  state: 'running' | 'done' | 'stopped' | 'failed';
  startedAt: number;
}

interface Benchmarks {
  /** The newest first. */
  runs: readonly BenchmarkRun[];
  error: ApiError | null;
}

/** The oldest are forgotten first. */
const KEPT = 12;

class BenchmarkStore {
  #state: Benchmarks = { runs: [], error: null };
  #abort: AbortController | null = null;
  #made = 0;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly client: PageClient) {}

  get state(): Benchmarks {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async start(input: BenchmarkInput, title: string, swept: readonly string[]): Promise<void> {
    if (this.#abort) return;
    const abort = new AbortController();
    this.#abort = abort;
    const number = ++this.#made;
    const results: BenchmarkResult[] = [];
    const run: BenchmarkRun = {
      ...{ number, title, input, swept, results, total: resultsOf(input) },
      ...{ whole: null, state: 'running', startedAt: performance.now() },
    };
    this.#change({ runs: [run, ...this.#state.runs].slice(0, KEPT), error: null });
    try {
      for await (const event of this.client.stream('computation', 'benchmark', { ...input, stream: true }, { signal: abort.signal })) {
        if (event.event === 'done') this.#update(number, { results: event.data.results, whole: event.data, state: 'done' });
        else {
          results.push(event.data);
          this.#update(number, { results: [...results] });
        }
      }
      // A stream that ends without its last event was cut off.
      if (this.#of(number)?.state === 'running') this.#update(number, { state: 'stopped' });
    } catch (reason) {
      const error = ApiError.from(reason);
      const isStopped = abort.signal.aborted || error.code === 'cancelled';
      this.#update(number, { state: isStopped ? 'stopped' : 'failed' });
      if (!isStopped) this.#change({ error });
    } finally {
      this.#abort = null;
    }
  }

  stop(): void {
    this.#abort?.abort();
  }

  /** What could not even be asked. */
  fail(error: ApiError): void {
    this.#change({ error });
  }

  #of(number: number): BenchmarkRun | undefined {
    return this.#state.runs.find((run) => run.number === number);
  }

  #update(number: number, change: Partial<BenchmarkRun>): void {
    this.#change({ runs: this.#state.runs.map((run) => (run.number === number ? { ...run, ...change } : run)) });
  }

  #change(change: Partial<Benchmarks>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const stores = new WeakMap<PageClient, BenchmarkStore>();

export function useBenchmarks(): Benchmarks & { store: BenchmarkStore } {
  const client = useClient();
  const store = stores.get(client) ?? new BenchmarkStore(client);
  stores.set(client, store);
  const state = useSyncExternalStore(store.subscribe, () => store.state);
  return { ...state, store };
}
