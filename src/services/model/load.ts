/** Swapping weights: everything is loaded and checked beside the active model, and only then takes its place. */
import { ApiError, type Output, type StreamEvent } from '../../contract/index.ts';
import { EventStream } from '../../engine/generation.ts';
import { eosTokenIds } from './eos-token-ids.ts';
import { Tokenizer } from '../../engine/text/tokenizer.ts';
import { tryOut } from '../../engine/trial-run.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import type { LoadedModel } from '../serving/active-model.ts';
import { atWork } from '../told.ts';
import { loadProblem } from './load-problem.ts';
import type { LoadedRunner, LoadProgress, ModelPlatform, StartRequest } from '../../ports/model-platform.ts';

export type Weights = Output<'model', 'swapWeights'>;
export type WeightsEvent = StreamEvent<'model', 'swapWeights'>;

/** Progress events at most this often, so that a fast download does not flood the caller. */
const PROGRESS_EVERY_MS = 50;

/** One load. `run` never touches the active model: that is `swap`, the last thing it calls. */
export class WeightsLoad {
  readonly #abort = new AbortController();
  readonly #events = new EventStream<WeightsEvent>();
  #lastEventMs = 0;
  progress: LoadProgress = { phase: 'resolve', file: null, loaded_bytes: 0, total_bytes: null };

  constructor(
    readonly request: StartRequest,
    signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', () => this.#abort.abort(), { once: true });
    if (signal?.aborted) this.#abort.abort();
  }

  async run(platform: ModelPlatform, swap: (model: LoadedModel) => Promise<Weights>): Promise<Weights> {
    const start = performance.now();
    let loaded: LoadedRunner | null = null;
    try {
      const folder = await platform.loadFolder(this.request, {
        signal: this.#abort.signal,
        onProgress: (progress) => this.#report(progress),
      });
      const tokenizer = atWork('reading the tokenizer', () => tokenizerOf(folder));
      eosTokenIds(folder);
      this.#report({ phase: 'build', file: null, loaded_bytes: folder.bytes, total_bytes: folder.bytes });
      loaded = await platform.createRunner(folder, this.request);
      await tryOut(loaded.runner);
      this.#abort.signal.throwIfAborted();
      this.#report({ phase: 'swap', file: null, loaded_bytes: folder.bytes, total_bytes: folder.bytes });
      const weights = await swap({ ...loaded, folder, tokenizer, loadedAt: new Date().toISOString(), loadMs: performance.now() - start });
      this.#events.push({ event: 'done', data: weights });
      return weights;
    } catch (error) {
      await loaded?.runner.dispose();
      throw loadProblem(error, this.request.source);
    } finally {
      this.#events.end();
    }
  }

  /** Progress as it comes, then `done`; throws what the load threw. An end of reading ends the load. */
  async *stream(outcome: Promise<Weights>): AsyncGenerator<WeightsEvent> {
    outcome.catch(() => {});
    let isRead = false;
    try {
      yield* this.#events;
      isRead = true;
      await outcome;
    } finally {
      if (!isRead) this.#abort.abort();
    }
  }

  #report(progress: LoadProgress): void {
    const isNews = progress.phase !== this.progress.phase || progress.file !== this.progress.file;
    this.progress = progress;
    const now = performance.now();
    if (!isNews && now - this.#lastEventMs < PROGRESS_EVERY_MS) return;
    this.#lastEventMs = now;
    this.#events.push({ event: 'progress', data: progress });
  }
}

function tokenizerOf({ tokenizerJson, tokenizerConfig }: ModelFolder): Tokenizer {
  if (!tokenizerJson)
    throw new ApiError('tokenizer_invalid', 'The folder has no tokenizer.json.', [{ path: 'tokenizer.json', message: 'is missing.' }]);
  return Tokenizer.fromFiles(tokenizerJson, tokenizerConfig ?? {});
}
