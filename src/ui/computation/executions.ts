/** Runs of kernels and plans: the last of each, and those under way; they outlive the tab of the panel, not the page. */
import { useSyncExternalStore } from 'react';
import type { PageClient } from '../../client/page-client.ts';
import { ApiError, type Input, type Output } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';

export type ExecutionInput = Input<'computation', 'execute'>;
export type Execution = Output<'computation', 'execute'>;

export interface Done {
  input: ExecutionInput;
  result: Execution;
}

export interface ExecutionState {
  /** `performance.now()` at the start of the one under way. */
  startedAt: number | null;
  done: Done | null;
  error: ApiError | null;
}

const NONE: ExecutionState = { startedAt: null, done: null, error: null };

class Executions {
  readonly #states = new Map<string, ExecutionState>();
  readonly #aborts = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly client: PageClient) {}

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  of(key: string): ExecutionState {
    return this.#states.get(key) ?? NONE;
  }

  /** Resolves with the result, or with `null` where there is none; the state then says why. */
  async run(key: string, input: ExecutionInput): Promise<Execution | null> {
    if (this.of(key).startedAt !== null) return null;
    const abort = new AbortController();
    this.#aborts.set(key, abort);
    this.#change(key, { startedAt: performance.now(), error: null });
    try {
      const result = await this.client.post('computation', 'execute', input, { signal: abort.signal });
      this.#change(key, { startedAt: null, done: { input, result } });
      return result;
    } catch (reason) {
      const error = ApiError.from(reason);
      this.#change(key, { startedAt: null, error: abort.signal.aborted || error.code === 'cancelled' ? null : error });
      return null;
    } finally {
      this.#aborts.delete(key);
    }
  }

  stop(key: string): void {
    this.#aborts.get(key)?.abort();
  }

  /** What could not even be asked. */
  fail(key: string, error: ApiError): void {
    this.#change(key, { error });
  }

  #change(key: string, change: Partial<ExecutionState>): void {
    this.#states.set(key, { ...this.of(key), ...change });
    for (const listener of this.#listeners) listener();
  }
}

const stores = new WeakMap<PageClient, Executions>();

function executionsOf(client: PageClient): Executions {
  const known = stores.get(client) ?? new Executions(client);
  stores.set(client, known);
  return known;
}

/** @param key of what is run: `kernel:naive`, `plan:default` */
export function useExecution(key: string) {
  const executions = executionsOf(useClient());
  const state = useSyncExternalStore(executions.subscribe, () => executions.of(key));
  return {
    ...state,
    run: (input: ExecutionInput) => executions.run(key, input),
    stop: () => executions.stop(key),
    fail: (error: ApiError) => executions.fail(key, error),
  };
}
