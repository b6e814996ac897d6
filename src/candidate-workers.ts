/**
 * The workers that check candidates, which the page starts for the engine's worker and ends for it: Firefox may never return from `new Worker` in
 * a worker that has just ended another.
 */
import { messageOf } from './environment/thrown.ts';
import type { CandidateDied, StartCandidate } from './worker-messages.ts';

export class CandidateWorkers {
  readonly #workers = new Map<number, Worker>();

  /** @param tell the engine's worker that one died by itself, such as from want of memory */
  constructor(private readonly tell: (died: CandidateDied) => void) {}

  start({ id, port }: StartCandidate): void {
    const died = (reason: string) => this.tell({ kind: 'candidate died', id, reason });
    try {
      const worker = new Worker(new URL('./services/code/check/candidate-worker.ts', import.meta.url), {
        type: 'module',
        name: 'candidate',
      });
      this.#workers.set(id, worker);
      worker.addEventListener('error', (event) => {
        // Whoever waits for the candidate is told; the console need not be.
        event.preventDefault();
        died(event.message || 'it ended without a word, as when its code can not be fetched or memory runs out.');
      });
      worker.postMessage(null, [port]);
    } catch (error) {
      died(messageOf(error));
    }
  }

  end(id: number): void {
    this.#workers.get(id)?.terminate();
    this.#workers.delete(id);
  }

  endAll(): void {
    for (const id of [...this.#workers.keys()]) this.end(id);
  }
}
