/** The page's part in bringing back the model that served last: what the worker is to begin with, how that goes, and the ways out of it. */
import type { PageClient } from './client/page-client.ts';
import type { RememberedModel } from './remembered-model.ts';
import type { BeginWithDefault, ModelRequest, WorkerGivesUp, WorkerSwapped } from './worker-messages.ts';

export class StartingModel {
  #request: ModelRequest | null = null;
  #start = '';
  #asDefault: () => void = () => {};

  constructor(
    private readonly memory: RememberedModel,
    private readonly client: PageClient,
  ) {
    addEventListener('pagehide', () => memory.leave(this.#start));
  }

  /** For a worker that starts now; `null` for the default model. */
  async begin(start: string, worker: { postMessage(message: BeginWithDefault): void }): Promise<ModelRequest | null> {
    // One before it in this tab is over.
    this.memory.leave(this.#start);
    this.#start = start;
    const begun = await this.memory.begin(start);
    this.#asDefault = () => worker.postMessage({ kind: 'begin with default' });
    this.#request = begun?.remembered.request ?? null;
    this.client.updateHealth({
      restoring: begun && { model: begun.remembered.model, state: begun.why === null ? 'loading' : 'given up', why: begun.why },
    });
    return begun && begun.why === null ? this.#request : null;
  }

  told(message: WorkerSwapped | WorkerGivesUp): void {
    const { restoring } = this.client.health;
    if (message.kind === 'swapped') {
      // Of the default one that a worker begins with nothing is to be noted: another tab may have noted what it has since.
      if (!message.isStart || restoring?.state === 'loading') this.memory.note(message.model, message.request, this.#start);
      if (restoring?.state === 'loading') this.client.updateHealth({ restoring: null });
    } else if (restoring) {
      this.memory.forget(restoring.model);
      // Someone who asked for the default model knows why.
      this.client.updateHealth({ restoring: message.isWish ? null : { ...restoring, state: 'given up', why: message.why } });
    }
  }

  /** Stops the load of the one that served last. */
  readonly useDefault = (): void => this.#asDefault();

  /** Loads what did not come back, from where it came from; `null` where that can't be. */
  get again(): (() => void) | null {
    const request = this.#request;
    if (!request) return null;
    return () => {
      const model = this.client.health.restoring?.model ?? '';
      const abort = new AbortController();
      this.#asDefault = () => abort.abort();
      this.client.updateHealth({ restoring: { model, state: 'loading', why: null } });
      this.client.put('model', 'weights', request, { signal: abort.signal }).then(
        () => this.client.updateHealth({ restoring: null }),
        (error: unknown) => {
          const why = error instanceof Error ? error.message : String(error);
          this.client.updateHealth({ restoring: abort.signal.aborted ? null : { model, state: 'given up', why } });
        },
      );
    };
  }
}
