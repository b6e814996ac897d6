/** Runs of this visit, kept while other panels are in sight: a generation goes on while its blocks or its scheduling are watched. */
import type { ActivePatch } from '../kit/code/use-active-patches.ts';
import { Observable } from '../../environment/observable.ts';
import { perClient } from '../kit/work.ts';
import type { Parameters } from './parameters.ts';
import type { Prompt } from './prompt-sequence.ts';
import { Run, type RunClient } from './run.ts';

/** Runs that can be looked at again. */
const KEPT_RUNS = 20;

/** A message and the run that answers it. */
export interface Turn {
  user: string;
  run: Run;
}

/** A new object after every change. */
export interface Runs {
  /** The one in sight, per view. */
  readonly completion: Run | null;
  readonly chat: Run | null;
  /** Newest first. */
  readonly history: readonly Run[];
  readonly turns: readonly Turn[];
}

export const isChat = (run: Run): boolean => 'messages' in run.source;

export class RunStore {
  readonly state = new Observable<Runs>({ completion: null, chat: null, history: [], turns: [] });
  readonly #client: RunClient;

  constructor(client: RunClient) {
    this.#client = client;
  }

  get runs(): Runs {
    return this.state.get();
  }

  get live(): boolean {
    return this.runs.history.some(({ live }) => live);
  }

  /** Stops what runs and begins anew. */
  start(prompt: Prompt, parameters: Parameters, weightsHash: string | undefined, patches: readonly ActivePatch[]): Run {
    this.stop();
    const run = Run.start(this.#client, prompt, parameters, weightsHash, patches);
    const history = [run, ...this.runs.history];
    for (const old of history.slice(KEPT_RUNS)) old.dispose();
    this.#set({ ...this.#inSight(run), history: history.slice(0, KEPT_RUNS) });
    return run;
  }

  show(run: Run): void {
    this.#set(this.#inSight(run));
  }

  setTurns(turns: readonly Turn[]): void {
    this.#set({ turns, ...(turns.length === 0 && { chat: null }) });
  }

  stop(): void {
    for (const run of this.runs.history) if (run.live) void run.stop();
  }

  #inSight(run: Run): Partial<Runs> {
    return isChat(run) ? { chat: run } : { completion: run };
  }

  #set(change: Partial<Runs>): void {
    this.state.set({ ...this.runs, ...change });
  }
}

export const runStoreOf = perClient((client: RunClient) => new RunStore(client));
