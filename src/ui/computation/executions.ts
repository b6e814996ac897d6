/** Runs of kernels and plans: the last of each, and those under way; they outlive the tab of the panel, not the page. */
import type { PageClient } from '../../client/page-client.ts';
import type { ApiError, Input, Output } from '../../contract/index.ts';
import { Observable } from '../../environment/observable.ts';
import { useClient } from '../kit/client-context.tsx';
import { useObserved } from '../kit/use-observed.ts';
import { perClient, Work } from '../kit/work.ts';

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
  readonly states = new Observable<Readonly<Record<string, ExecutionState>>>({});
  readonly #works = new Map<string, Work>();

  constructor(private readonly client: PageClient) {}

  /** Resolves with the result, or with `null` where there is none; the state then says why. */
  async run(key: string, input: ExecutionInput): Promise<Execution | null> {
    const work = this.#works.get(key) ?? new Work();
    if (work.isRunning) return null;
    this.#works.set(key, work);
    this.#change(key, { startedAt: performance.now(), error: null });
    const ended = await work.run((signal) => this.client.post('computation', 'execute', input, { signal }));
    if (ended.state === 'done') this.#change(key, { startedAt: null, done: { input, result: ended.result } });
    else this.#change(key, { startedAt: null, error: ended.state === 'failed' ? ended.error : null });
    return ended.state === 'done' ? ended.result : null;
  }

  stop(key: string): void {
    this.#works.get(key)?.stop();
  }

  /** What could not even be asked. */
  fail(key: string, error: ApiError): void {
    this.#change(key, { error });
  }

  #change(key: string, change: Partial<ExecutionState>): void {
    const states = this.states.get();
    this.states.set({ ...states, [key]: { ...NONE, ...states[key], ...change } });
  }
}

const executionsOf = perClient((client: PageClient) => new Executions(client));

/** @param key of what is run: `kernel:naive`, `plan:default` */
export function useExecution(key: string) {
  const executions = executionsOf(useClient());
  const state = useObserved(executions.states)[key] ?? NONE;
  return {
    ...state,
    run: (input: ExecutionInput) => executions.run(key, input),
    stop: () => executions.stop(key),
    fail: (error: ApiError) => executions.fail(key, error),
  };
}
