/** Lets the worker go on while Python computes: Python asks every few thousand operations whether it is to give way, and is put aside where the browser can. */
import { yieldToEventLoop } from '../../../engine/event-loop.ts';

/** So long a script computes at a stretch. */
const SLICE_MS = 20;
/** And so long the worker has at most before the script goes on. */
const BREATH_MS = 20;
/** A turn of the event loop in which nothing was waiting is shorter. */
const IDLE_TURN_MS = 1;
/** Where a stack can't be put aside, a script that computes longer than this without an `await` is ended, since nothing else can be done meanwhile. */
const STRETCH_MS = 1000;

/** SIGINT, which Python's side takes as the request to give way. */
const GIVE_WAY = 2;

export class Turns {
  #sliceFrom = performance.now();
  #stretchFrom = performance.now();
  #runs = 0;
  #isClosed = false;
  #ticker: ReturnType<typeof setInterval> | null = null;

  /** What Pyodide reads where another thread would write a signal: it looks at `[0]`, and puts it back to zero. */
  readonly buffer = Object.defineProperty({}, 0, { get: () => this.#signal(), set: () => {} }) as Uint8Array;

  /** While a script runs the event loop's turns are seen. */
  begin(): void {
    this.#runs++;
    this.#turned();
    this.#ticker ??= setInterval(() => this.#turned(), SLICE_MS);
  }

  end(): void {
    if (--this.#runs > 0 || this.#ticker === null) return;
    clearInterval(this.#ticker);
    this.#ticker = null;
  }

  /** No script runs. */
  get isIdle(): boolean {
    return this.#runs === 0;
  }

  /** For an interpreter that has ended. */
  close(): void {
    this.#isClosed = true;
  }

  /** A script has awaited something. */
  passed(): void {
    this.#turned();
  }

  /** As many turns of the event loop as have something to do, within bounds. */
  async breathe(): Promise<void> {
    const start = performance.now();
    let turn = start;
    for (;;) {
      await yieldToEventLoop();
      const now = performance.now();
      if (now - turn < IDLE_TURN_MS || now - start > BREATH_MS) break;
      turn = now;
    }
    this.#turned();
  }

  /** Why a script that could not be put aside is to end. */
  overdue(): string | null {
    const stretch = performance.now() - this.#stretchFrom;
    if (stretch < STRETCH_MS) return null;
    return `it computed for ${(stretch / 1000).toFixed(1)} s without giving way, and this browser can't put Python aside: \`await asyncio.sleep(0)\` in the loop lets the worker go on.`;
  }

  #turned(): void {
    this.#sliceFrom = this.#stretchFrom = performance.now();
  }

  #signal(): number {
    const now = performance.now();
    if (this.#isClosed || this.#runs === 0 || now - this.#sliceFrom < SLICE_MS) return 0;
    this.#sliceFrom = now;
    return GIVE_WAY;
  }
}
