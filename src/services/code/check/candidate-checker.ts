/** Has candidates checked in workers that are thrown away, and ends those that compute without end, take too long or die. */
import { ApiError } from '../../../contract/index.ts';
import type { DisposableWorker } from '../../../ports/disposable-worker.ts';
import type { Language } from '../compiled-module.ts';
import type { CheckMessage, CheckOutcome, CheckRequest, Diagnostic, Preparation } from './protocol.ts';

export type CandidateWorker = DisposableWorker<CheckRequest | Preparation, CheckMessage>;

/** A candidate that is silent for so long computes without end: on a busy machine an honest one is silent for a second. */
const SILENCE_MS = 2000;
/** Of the time limit, kept for ending the worker and answering. */
const ANSWER_SHARE = 0.1;
const BOOT_MS = 60_000;

/** A worker that is started, with whoever listens to it now. */
interface Started {
  worker: CandidateWorker;
  /** It has loaded what candidates of its language need. */
  ready: Promise<void>;
  listen: (message: CheckMessage) => void;
  fail: (reason: string) => void;
}

const COMPILING = 'compiling';

/**
 * A worker serves one candidate. One in Python that came to its end leaves its worker to the next, in a scope of its own:
 * to start Python takes seconds.
 * @example
 * const outcome = await new CandidateChecker(spawn).check({ id: 'sampler', source, … }, 3000);
 */
export class CandidateChecker {
  readonly #spares = new Map<Language, Started>();

  /** @param spawn a new worker of `check/candidate-worker.ts` */
  constructor(private readonly spawn: () => CandidateWorker) {}

  /** Starts the worker that the next candidate will get, so that it need not wait for it; resolves when it is ready. */
  async warmUp(language: Language = 'typescript'): Promise<void> {
    const spare = this.#spares.get(language) ?? this.#start(language);
    this.#spares.set(language, spare);
    await spare.ready.catch(() => {});
  }

  /** @throws ApiError cancelled when the caller goes; whatever a candidate does is in the outcome */
  async check(request: CheckRequest, timeLimitMs: number, signal?: AbortSignal): Promise<CheckOutcome> {
    if (signal?.aborted) throw cancelled();
    const { language } = request;
    const started = this.#spares.get(language) ?? this.#start(language);
    this.#spares.delete(language);
    let isReusable = false;
    try {
      await started.ready;
      // The start of a worker is no fault of the candidate's; one that is warmed up costs nothing here.
      const { outcome, ended } = await watch(started, request, timeLimitMs * (1 - ANSWER_SHARE), signal);
      isReusable = ended && language === 'python';
      return outcome;
    } finally {
      if (isReusable && !this.#spares.has(language)) this.#spares.set(language, started);
      else started.worker.terminate();
      void this.warmUp(language);
    }
  }

  #start(language: Language): Started {
    const worker = this.spawn();
    const started: Started = { worker, ready: Promise.resolve(), listen: () => {}, fail: () => {} };
    worker.onMessage((message) => started.listen(message));
    worker.onError((reason) => {
      if (this.#spares.get(language) === started) this.#spares.delete(language);
      started.fail(reason);
    });
    started.ready = new Promise<void>((resolve, reject) => {
      started.fail = (reason) => {
        clearTimeout(timer);
        worker.terminate();
        if (this.#spares.get(language) === started) this.#spares.delete(language);
        reject(new ApiError('internal', `The worker that checks code could not start: ${reason}`));
      };
      const timer = setTimeout(() => started.fail(`no answer in ${BOOT_MS / 1000} s.`), BOOT_MS);
      started.listen = (message) => {
        if (message.kind === 'unable') return started.fail(message.why);
        if (message.kind !== 'ready') return;
        clearTimeout(timer);
        resolve();
      };
      worker.postMessage({ prepare: language });
    });
    started.ready.catch(() => {});
    return started;
  }
}

const cancelled = () => new ApiError('cancelled', 'The caller cancelled the check; nothing was changed.');

/** @returns also whether the candidate came to its end, so that its worker is free */
function watch(
  started: Started,
  request: CheckRequest,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<{ outcome: CheckOutcome; ended: boolean }> {
  const outcome: CheckOutcome = { diagnostics: [], cases: [], module: null, compileMs: 0, testMs: 0 };
  const start = performance.now();
  let doing = COMPILING;
  return new Promise((resolve, reject) => {
    const cleanUp = () => {
      clearTimeout(limit);
      clearTimeout(silence);
      signal?.removeEventListener('abort', abort);
      started.listen = () => {};
      started.fail = () => {};
    };
    const finish = (ended: boolean) => {
      cleanUp();
      outcome.testMs = performance.now() - start - outcome.compileMs;
      resolve({ outcome, ended });
    };
    const stop = (message: string) => {
      outcome.diagnostics.push(problem(message));
      finish(false);
    };
    const abort = () => {
      cleanUp();
      reject(cancelled());
    };
    const silent = () => stop(`It was stopped in ${doing}: it computed for ${SILENCE_MS} ms without a pause, as an endless loop does.`);
    const limit = setTimeout(() => stop(`It was stopped in ${doing}, at its time limit, after ${Math.round(limitMs)} ms.`), limitMs);
    // Compiling runs nothing of the candidate's: there the limit alone counts.
    let silence: ReturnType<typeof setTimeout> | undefined;
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    started.fail = (reason) => stop(`The worker died in ${doing}: ${reason}`);
    started.listen = (message) => {
      clearTimeout(silence);
      if (doing !== COMPILING || message.kind === 'starting') silence = setTimeout(silent, SILENCE_MS);
      if (message.kind === 'compiled') Object.assign(outcome, { module: message.module, compileMs: message.compileMs });
      else if (message.kind === 'starting') doing = message.what;
      else if (message.kind === 'case') outcome.cases.push(message.result);
      else if (message.kind === 'diagnostic') outcome.diagnostics.push(message.diagnostic);
      else if (message.kind === 'done') finish(!message.spent);
    };
    started.worker.postMessage(request);
  });
}

const problem = (message: string): Diagnostic => ({
  severity: 'error',
  message,
  line: null,
  column: null,
  end_line: null,
  end_column: null,
  code: null,
});
