/** The device takes one measurement at a time: this queues them and tells what occupies it. */
import { ApiError } from '../../contract/index.ts';

export class DeviceQueue {
  #last: Promise<unknown> = Promise.resolve();
  #occupant: string | null = null;

  get occupant(): string | null {
    return this.#occupant;
  }

  /**
   * Runs `work` when everything before it has ended, however it ended.
   * @throws ApiError cancelled where the caller went away meanwhile
   */
  run<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      throwIfAborted(signal);
      this.#occupant = name;
      try {
        return await work();
      } finally {
        this.#occupant = null;
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ApiError('cancelled', 'The caller cancelled the request.');
}
