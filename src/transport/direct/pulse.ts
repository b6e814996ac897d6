/** Hears whether a worker answers: an endless loop can be stopped by nothing inside it, but its silence can be heard from here. */
import type { Work } from '../../environment/work.ts';
import type { PulseToPage, PulseToWorker } from './protocol.ts';

export interface Silence {
  /** Since when it has not answered. */
  ms: number;
  /** What it said it would do. */
  work: Work | null;
}

/** A worker as far as it is heard here. */
export interface HeardWorker {
  postMessage(message: PulseToWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

export interface PulseOptions {
  /** Told at every beat while the worker is silent, and with null when it answers again. */
  onSilence: (silence: Silence | null) => void;
  everyMs?: number;
  /** Silence this long counts; shorter ones are a forward pass or a long tokenization. */
  limitMs?: number;
}

/** The worker's end. Listens from its first moment on, before there is any service. */
export function answerPings(scope: {
  postMessage(message: PulseToPage): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}): void {
  scope.addEventListener('message', ({ data }: MessageEvent<PulseToWorker | { kind: unknown } | null>) => {
    if (data?.kind === 'ping') scope.postMessage({ kind: 'pong' });
  });
}

/** Beats until it is stopped. */
export class Pulse {
  #isAsked = false;
  #isSilent = false;
  #silentMs = 0;
  #work: Work | null = null;
  #lastBeat = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #options: Required<PulseOptions>;

  constructor(
    private readonly worker: HeardWorker,
    { everyMs = 500, limitMs = 3000, onSilence }: PulseOptions,
  ) {
    this.#options = { everyMs, limitMs, onSilence };
    worker.addEventListener('message', this.#hear);
    this.#timer = setInterval(this.#beat, everyMs);
    this.#ask();
  }

  /** Also below the limit. */
  get silence(): Silence {
    return { ms: this.#silentMs, work: this.#work };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What a script posts comes here too, `null` among it. */
  readonly #hear = ({ data }: MessageEvent<PulseToPage | { kind: unknown } | null>): void => {
    if (data?.kind === 'doing') this.#work = (data as Extract<PulseToPage, { kind: 'doing' }>).work;
    if (data?.kind !== 'pong') return;
    this.#isAsked = false;
    this.#silentMs = 0;
    if (this.#isSilent) this.#options.onSilence(null);
    this.#isSilent = false;
  };

  readonly #beat = (): void => {
    const now = performance.now();
    const { everyMs, limitMs, onSilence } = this.#options;
    // A page that slept, was stopped in a debugger, is hidden or busy itself beats late: what it did not watch does not count.
    const watchedMs = Math.min(now - this.#lastBeat, 2 * everyMs);
    this.#lastBeat = now;
    if (!this.#isAsked) {
      this.#ask();
      return;
    }
    this.#silentMs += watchedMs;
    if (this.#silentMs < limitMs) return;
    this.#isSilent = true;
    onSilence(this.silence);
  };

  #ask(): void {
    this.#isAsked = true;
    this.worker.postMessage({ kind: 'ping' });
  }
}
