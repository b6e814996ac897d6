/** Takes step after step while there is work, sleeps when there is none, and lets changes of the engine happen only between two steps. */
import { yieldToEventLoop } from './event-loop.ts';

export class Driver {
  #turn: Promise<unknown> = Promise.resolve();
  #isLooping = false;
  #isStopped = false;
  /** Something changed since the last step began. */
  #hasNews = false;
  #wake: () => void = () => {};

  constructor(
    /** Gives false when nothing could be done. */
    private readonly step: () => Promise<boolean>,
    private readonly isManual: boolean,
    private readonly yieldBetweenSteps: () => Promise<void> = yieldToEventLoop,
  ) {}

  get isStopped(): boolean {
    return this.#isStopped;
  }

  takeStep(): Promise<boolean> {
    return this.#takeTurn(this.step);
  }

  /** Makes a change between two steps. */
  async change<T>(task: () => T | Promise<T>): Promise<T> {
    try {
      return await this.#takeTurn(task);
    } finally {
      this.rouse();
    }
  }

  /** Something changed: the loop looks again, or starts. */
  rouse(): void {
    this.#hasNews = true;
    this.#wake();
    if (this.isManual || this.#isLooping || this.#isStopped) return;
    this.#isLooping = true;
    void this.#loop();
  }

  /** Ends the loop after the step under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#turn;
  }

  #takeTurn<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #loop(): Promise<void> {
    while (!this.#isStopped) {
      this.#hasNews = false;
      if (await this.takeStep()) await this.yieldBetweenSteps();
      else if (!this.#hasNews) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
