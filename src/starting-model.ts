/** The page's part in bringing back the model that served last: what the worker is to begin with, how that goes, and the ways out of it. */
import { messageOf } from './environment/thrown.ts';
import type { PageClient } from './client/page-client.ts';
import type { RememberedModel, Silent } from './remembered-model.ts';
import type { BeginWithDefault, ModelRequest, WorkerGivesUp, WorkerSwapped } from './worker-messages.ts';

/** What silences the worker so soon after a model came is likely to be that model: the page gives it the prompt that it has. */
const BEGUN_MS = 10_000;

export class StartingModel {
  #request: ModelRequest | null = null;
  #start = '';
  #asDefault: () => void = () => {};
  /** Of the remembered one: what silences the worker until then counts as its doing. */
  #trial: { model: string; when: Silent; untilMs: number } | null = null;

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
    this.#trial = null;
    const begun = await this.memory.begin(start);
    this.#asDefault = () => worker.postMessage({ kind: 'begin with default' });
    // What was not begun again before has not come since.
    if (!begun && this.client.health.restoring?.state === 'given up') return null;
    this.#request = begun?.remembered.request ?? null;
    this.client.updateHealth({
      restoring: begun && { model: begun.remembered.model, state: begun.why === null ? 'loading' : 'given up', why: begun.why },
    });
    if (!begun || begun.why !== null) return null;
    const { model } = begun.remembered;
    this.#trial = { model, when: 'loading', untilMs: Infinity };
    this.#asDefault = () => {
      this.memory.forget(model);
      worker.postMessage({ kind: 'begin with default' });
    };
    return this.#request;
  }

  told(message: WorkerSwapped | WorkerGivesUp): void {
    const { restoring } = this.client.health;
    if (message.kind === 'swapped') {
      // Of the default one that a worker begins with nothing is to be noted: another tab may have noted what it has since.
      if (message.isStart && restoring?.state !== 'loading') return;
      this.memory.note(message.model, message.request, this.#start);
      this.#trial = { model: message.model, when: 'begun', untilMs: performance.now() + BEGUN_MS };
      this.client.updateHealth({ restoring: null });
    } else if (restoring) {
      this.#trial = null;
      this.memory.forget(restoring.model);
      // Someone who asked for the default model knows why.
      this.client.updateHealth({ restoring: message.isWish ? null : { ...restoring, state: 'given up', why: message.why } });
    }
  }

  /** The worker is silent, or has ended, and no patch did it. */
  suspect(silentMs: number): void {
    const trial = this.#trial;
    if (trial && performance.now() - silentMs < trial.untilMs) this.memory.suspect(trial.model, trial.when);
  }

  /** It answers again. */
  withdraw(): void {
    if (this.#trial) this.memory.suspect(this.#trial.model, null);
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
          const why = messageOf(error);
          this.client.updateHealth({ restoring: abort.signal.aborted ? null : { model, state: 'given up', why } });
        },
      );
    };
  }
}
