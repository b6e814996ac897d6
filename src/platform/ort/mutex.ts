/** The runtime takes one call at a time: this queues them. */

export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything before it is done, however that ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
