/** One run of a script as the panel sees it: what it showed so far, and how it ended. */
import { ApiError, type Scope } from '../../contract/index.ts';
import { Observable } from '../../environment/observable.ts';
import type { ScriptOutput, ScriptSummary } from '../../contract/code-run.ts';
import type { Language } from './catalogue.ts';
import type { Place } from '../kit/source-editor/source-editor.tsx';

export interface Problem {
  /** Null where the error has no place in the script. */
  place: Place | null;
  message: string;
}

type RunEvent = ScriptOutput | { event: 'done'; data: ScriptSummary };

export interface RunnableScript {
  id: string;
  source: string;
  name: string;
  language: Language;
  /** What its client may; left out: everything. */
  scopes?: Scope[];
}

/** What a run needs of the world. */
export interface RunPorts {
  /** Runs the script; an abort stops it. */
  start: (script: Omit<RunnableScript, 'id'>, signal: AbortSignal) => AsyncIterable<RunEvent>;
  /** Ends the worker and starts a new one. */
  restartWorker: () => Promise<void>;
}

export type RunState = 'running' | 'done' | 'failed' | 'stopped';

/** How long the panel waits for a stop to be answered. */
const STOP_LIMIT_MS = 1500;

/** A worker is asked so often, and more, whether it answers. */
const BEAT_MS = 2000;

export class ScriptRun {
  readonly outputs: ScriptOutput[] = [];
  readonly startedAt = performance.now();

  state: RunState = 'running';
  /** Nothing of it runs any more: one that was told to stop may go on for a while, and hold the worker. */
  isOver = false;
  summary: ScriptSummary | null = null;
  problems: readonly Problem[] = [];
  /** From the start to the end, as seen from the page. */
  elapsedMs: number | null = null;
  /** Counts every change. */
  readonly version = new Observable(0);

  readonly #abort = new AbortController();
  readonly #ports: RunPorts;

  constructor(
    ports: RunPorts,
    readonly script: RunnableScript,
  ) {
    this.#ports = ports;
    void this.#consume();
  }

  /** Whether a worker silent for so long was so before the script began. */
  isYoungerThan(silentMs: number): boolean {
    return performance.now() - silentMs < this.startedAt - BEAT_MS;
  }

  /** Takes effect at the script's next call, print or await; a loop without one shows as silence. */
  stop(): void {
    if (this.state !== 'running') return;
    this.#abort.abort();
    setTimeout(() => this.#end('stopped'), STOP_LIMIT_MS);
  }

  /** Ends the script with everything else in the worker. */
  restartWorker(): Promise<void> {
    return this.#ports.restartWorker();
  }

  async #consume(): Promise<void> {
    const { id: _, ...script } = this.script;
    try {
      for await (const event of this.#ports.start(script, this.#abort.signal)) {
        if (this.state !== 'running') return;
        if (event.event === 'done') this.summary = event.data;
        else this.outputs.push(event);
        this.#changed();
      }
      this.#end(this.summary ? 'done' : 'stopped');
    } catch (error) {
      const problem = ApiError.from(error);
      // A restart ends it too, and says so.
      if (problem.code === 'cancelled') this.#end('stopped', this.#abort.signal.aborted ? [] : [{ place: null, message: problem.message }]);
      else this.#end('failed', problemsOf(problem));
    } finally {
      this.isOver = true;
      this.#changed();
    }
  }

  #end(state: RunState, problems: readonly Problem[] = []): void {
    if (this.state !== 'running') return;
    this.state = state;
    this.problems = problems;
    this.elapsedMs = performance.now() - this.startedAt;
    this.#changed();
  }

  #changed(): void {
    this.version.set(this.version.get() + 1);
  }
}

/** The places that a problem names: `line 3, column 7`, perhaps with a path into an input behind it. */
export function problemsOf({ message, errors }: ApiError): Problem[] {
  if (errors.length === 0) return [{ place: null, message }];
  return errors.map(({ path, message: text }) => {
    const match = /^line (\d+), column (\d+)(?:: (.+))?$/.exec(path);
    const place = match ? { line: Number(match[1]), column: Number(match[2]) } : null;
    const rest = match ? match[3] : path;
    return { place, message: rest ? `${rest} ${text}` : text };
  });
}
