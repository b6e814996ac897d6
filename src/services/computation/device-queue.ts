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
   * @throws ApiError cancelled as soon as the caller goes away while it waits
   */
  run<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const result = turnAfter(before, signal).then(async () => {
      this.#occupant = name;
      try {
        return await work();
      } finally {
        this.#occupant = null;
      }
    });
    this.#last = Promise.allSettled([before, result]);
    return result;
  }
}

function turnAfter(before: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(cancelled());
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted) leave();
    void before.then(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    });
  });
}

const cancelled = (): ApiError => new ApiError('cancelled', 'The caller cancelled the request.');

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
