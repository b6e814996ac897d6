/** Takes step after step while there is work, sleeps when there is none, and lets changes of the engine happen only between two steps. */
import { Mutex } from '../environment/mutex.ts';
import { yieldToEventLoop } from './event-loop.ts';

export class Driver {
  readonly #mutex = new Mutex();
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
    return this.#mutex.run(this.step);
  }

  /** Makes a change between two steps. */
  async change<T>(task: () => T | Promise<T>): Promise<T> {
    try {
      return await this.#mutex.run(task);
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
    await this.#mutex.idle();
  }

  async #loop(): Promise<void> {
    while (!this.#isStopped) {
      this.#hasNews = false;
      if (await this.takeStep()) await this.yieldBetweenSteps();
      else if (!this.#hasNews) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
