/** Benchmarks that were made, and the one under way with the results it has so far; they outlive the tab of the panel, not the page. */
import type { PageClient } from '../../../client/page-client.ts';
import type { ApiError } from '../../../contract/index.ts';
import { Observable } from '../../../environment/observable.ts';
import { useClient } from '../../kit/client-context.tsx';
import { useObserved } from '../../kit/use-observed.ts';
import { perClient, Work } from '../../kit/work.ts';
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
  readonly state = new Observable<Benchmarks>({ runs: [], error: null });
  readonly #work = new Work();
  #made = 0;

  constructor(private readonly client: PageClient) {}

  async start(input: BenchmarkInput, title: string, swept: readonly string[]): Promise<void> {
    if (this.#work.isRunning) return;
    const number = ++this.#made;
    const run: BenchmarkRun = {
      ...{ number, title, input, swept, results: [], total: resultsOf(input) },
      ...{ whole: null, state: 'running', startedAt: performance.now() },
    };
    this.#change({ runs: [run, ...this.state.get().runs].slice(0, KEPT), error: null });
    const ended = await this.#work.run((signal) => this.#follow(number, input, signal));
    // A stream that ends without its last event was cut off.
    if (ended.state !== 'done') this.#update(number, { state: ended.state });
    else if (!ended.result) this.#update(number, { state: 'stopped' });
    if (ended.state === 'failed') this.#change({ error: ended.error });
  }

  stop(): void {
    this.#work.stop();
  }

  /** What could not even be asked. */
  fail(error: ApiError): void {
    this.#change({ error });
  }

  /** @returns whether the end came */
  async #follow(number: number, input: BenchmarkInput, signal: AbortSignal): Promise<boolean> {
    const results: BenchmarkResult[] = [];
    let whole: Benchmark | null = null;
    for await (const event of this.client.stream('computation', 'benchmark', { ...input, stream: true }, { signal })) {
      if (event.event === 'done') {
        whole = event.data;
        this.#update(number, { results: whole.results, whole, state: 'done' });
      } else {
        results.push(event.data);
        this.#update(number, { results: [...results] });
      }
    }
    return whole !== null;
  }

  #update(number: number, change: Partial<BenchmarkRun>): void {
    this.#change({ runs: this.state.get().runs.map((run) => (run.number === number ? { ...run, ...change } : run)) });
  }

  #change(change: Partial<Benchmarks>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

const storeOf = perClient((client: PageClient) => new BenchmarkStore(client));

export function useBenchmarks(): Benchmarks & { store: BenchmarkStore } {
  const store = storeOf(useClient());
  return { ...useObserved(store.state), store };
}
