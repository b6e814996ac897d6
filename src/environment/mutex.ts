/** One at a time: work waits until everything before it has ended, however it ended. */

export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** When all that waits now has ended. */
  idle(): Promise<unknown> {
    return this.#last;
  }
}
