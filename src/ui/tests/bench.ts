/** The test bench: all cases with what became of them, and one run at a time over them; it outlives the panel that shows it. */
import { Observable } from '../../environment/observable.ts';
import { ApiError } from '../../contract/index.ts';
import type { TestCase } from './cases.ts';
import { type CaseRun, isCompared } from './execute.ts';
import {
  codeFor,
  hash,
  type History,
  type ActiveCode,
  isFlaky,
  isStale,
  loadHistory,
  type PastRun,
  saveHistory,
  type Verdict,
  withRun,
} from './history.ts';
import { loadOwn, type OwnCase, saveOwn } from './own-cases.ts';

/** Between two writes of the history; it is one text. */
const SAVE_AFTER_MS = 800;

export interface Progress {
  /** Place of each case in the run. */
  places: ReadonlyMap<string, number>;
  done: number;
  current: string | null;
  stopping: boolean;
}

export interface BenchState {
  runs: ReadonlyMap<string, CaseRun>;
  history: History;
  own: readonly OwnCase[];
  /** Of the run under way. */
  progress: Progress | null;
  /** How the last run ended, for those who cannot see it. */
  summary: string;
}

/** A case at a glance. */
export interface CaseState {
  verdict: Verdict | null;
  durationMs: number | null;
  flaky: boolean;
  running: boolean;
  waiting: boolean;
  /** Its result is from before this visit: there is no answer to look at. */
  remembered: boolean;
  /** RESTful and direct gave different answers. */
  differs: boolean;
}

type Execute = (test: TestCase, signal: AbortSignal) => Promise<CaseRun>;

export class Bench {
  readonly state: Observable<BenchState>;
  #abort: AbortController | null = null;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.state = new Observable<BenchState>({
      runs: new Map(),
      history: loadHistory(storage),
      own: loadOwn(storage),
      progress: null,
      summary: '',
    });
  }

  /** Runs the cases one after the other; a run under way goes on, and this one is not begun. */
  async run(cases: readonly TestCase[], active: ActiveCode, execute: Execute): Promise<void> {
    if (this.state.get().progress || cases.length === 0) return;
    const abort = new AbortController();
    this.#abort = abort;
    const places = new Map(cases.map(({ key }, place) => [key, place]));
    const tally = { passed: 0, failed: 0 };
    const transports = { compared: 0, differing: 0 };
    let done = 0;
    this.#change({ progress: { places, done, current: null, stopping: false }, summary: '' });
    for (const test of cases) {
      if (abort.signal.aborted) break;
      this.#change({ progress: { places, done, current: test.key, stopping: false } });
      try {
        const run = await execute(test, abort.signal);
        if (abort.signal.aborted) break;
        tally[run.verdict]++;
        if (run.transports && isCompared(run.transports)) {
          transports.compared++;
          if (run.transports.differences.length > 0) transports.differing++;
        }
        this.#note(test, run, active);
      } catch (thrown) {
        if (abort.signal.aborted) break;
        this.#note(
          test,
          { verdict: 'failed', result: null, problem: ApiError.from(thrown), mode: 'direct', roundTripMs: 0, at: Date.now() },
          active,
        );
        tally.failed++;
      }
      done++;
    }
    this.#abort = null;
    const counted = `${tally.passed} passed, ${tally.failed} failed`;
    this.#change({
      progress: null,
      summary: `${abort.signal.aborted ? `Stopped after ${done} of ${cases.length}: ` : ''}${counted}${comparedText(transports)}`,
    });
  }

  stop(): void {
    this.#abort?.abort();
    const { progress } = this.state.get();
    if (progress) this.#change({ progress: { ...progress, stopping: true } });
  }

  /** Keeps a case; one that had the old name gives way to it. */
  keep(own: OwnCase, replaces?: OwnCase): void {
    const others = this.state.get().own.filter((each) => each !== replaces);
    this.#own([...others, own]);
  }

  remove(own: OwnCase): void {
    this.#own(this.state.get().own.filter((each) => each !== own));
  }

  /** The runs of before, all of them. */
  forgetHistory(): void {
    this.#change({ history: new Map(), runs: new Map(), summary: '' });
    saveHistory(this.storage, this.state.get().history);
  }

  flush(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    saveHistory(this.storage, this.state.get().history);
  }

  #own(own: readonly OwnCase[]): void {
    this.#change({ own });
    saveOwn(this.storage, own);
  }

  #note(test: TestCase, run: CaseRun, active: ActiveCode): void {
    const past: PastRun = {
      at: run.at,
      verdict: run.verdict,
      durationMs: run.result?.duration_ms ?? run.roundTripMs,
      code: codeOf(test, active),
      mode: run.mode,
    };
    this.#change({ runs: new Map(this.state.get().runs).set(test.key, run), history: withRun(this.state.get().history, test.key, past) });
    this.#saving ??= setTimeout(() => this.flush(), SAVE_AFTER_MS);
  }

  #change(change: Partial<BenchState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}

/** What a result of a case depends on: the active code and the case as it is written. */
export const codeOf = (test: TestCase, active: ActiveCode): string =>
  `${codeFor(test.service, active)}.${hash(JSON.stringify([test.input, test.expected_output, test.expected_error, test.tolerance, test.validation_rules, ...(test.scopes ?? [])]))}`;

export function caseState({ runs, history, progress }: BenchState, { key }: TestCase): CaseState {
  const past = history.get(key) ?? [];
  const last = past.at(-1);
  const place = progress?.places.get(key) ?? -1;
  return {
    verdict: last?.verdict ?? null,
    durationMs: last?.durationMs ?? null,
    flaky: isFlaky(past),
    running: progress !== null && progress.current === key,
    waiting: progress !== null && progress.current !== key && place >= progress.done,
    remembered: last !== undefined && !runs.has(key),
    differs: (runs.get(key)?.transports?.differences.length ?? 0) > 0,
  };
}

/** Those without a result for what is active now. */
export const changedCases = ({ history }: BenchState, cases: readonly TestCase[], active: ActiveCode): TestCase[] =>
  cases.filter((test) => isStale(history.get(test.key) ?? [], codeOf(test, active)));

/** What comes of running cases over both transports, in the summary of the run. */
function comparedText({ compared, differing }: { compared: number; differing: number }): string {
  if (compared === 0) return '';
  return differing > 0 ? `; the transports differed in ${differing} of ${compared}` : `; both transports gave the same in all ${compared}`;
}
