/** The device takes one measurement at a time: this queues them and tells what occupies it. */
import { Mutex } from '../../environment/mutex.ts';
import { ApiError } from '../../contract/index.ts';

export class DeviceQueue {
  readonly #mutex = new Mutex();
  #occupant: string | null = null;

  get occupant(): string | null {
    return this.#occupant;
  }

  /**
   * Runs `work` when everything before it has ended, however it ended.
   * @throws ApiError cancelled as soon as the caller goes away while it waits
   */
  run<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(cancelled());
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted) leave();
      const turn = this.#mutex.run(async () => {
        signal?.removeEventListener('abort', leave);
        throwIfAborted(signal);
        this.#occupant = name;
        try {
          return await work();
        } finally {
          this.#occupant = null;
        }
      });
      turn.then(resolve, reject);
    });
  }
}

const cancelled = (): ApiError => new ApiError('cancelled', 'The caller cancelled the request.');

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
