/** Swapping weights: everything is loaded and checked beside the active model, and only then takes its place. */
import { ApiError, type Output } from '../../contract/index.ts';
import { eosTokenIds } from './eos-token-ids.ts';
import { Tokenizer } from '../../engine/text/tokenizer.ts';
import { tryOut } from '../../engine/trial-run.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import type { LoadedModel } from '../serving/active-model.ts';
import { atWork } from '../told.ts';
import { loadProblem } from './load-problem.ts';
import type { LoadedRunner, LoadProgress, ModelPlatform, StartRequest } from '../../ports/model-platform.ts';

export type Weights = Output<'model', 'swapWeights'>;

/** Progress is told at most this often, so that a fast download does not flood the caller. */
const PROGRESS_EVERY_MS = 50;

/** One load. `run` never touches the active model: that is `swap`, the last thing it calls. */
export class WeightsLoad {
  #lastNewsMs = 0;
  progress: LoadProgress = { phase: 'resolve', file: null, loaded_bytes: 0, total_bytes: null };

  constructor(
    readonly request: StartRequest,
    private readonly signal: AbortSignal,
    private readonly onProgress: (progress: LoadProgress) => void,
  ) {}

  async run(platform: ModelPlatform, swap: (model: LoadedModel) => Promise<Weights>): Promise<Weights> {
    const start = performance.now();
    let loaded: LoadedRunner | null = null;
    try {
      const folder = await platform.loadFolder(this.request, { signal: this.signal, onProgress: (progress) => this.#report(progress) });
      const tokenizer = atWork('reading the tokenizer', () => tokenizerOf(folder));
      eosTokenIds(folder);
      this.#report({ phase: 'build', file: null, loaded_bytes: folder.bytes, total_bytes: folder.bytes });
      loaded = await platform.createRunner(folder, this.request);
      await tryOut(loaded.runner);
      this.signal.throwIfAborted();
      this.#report({ phase: 'swap', file: null, loaded_bytes: folder.bytes, total_bytes: folder.bytes });
      return await swap({ ...loaded, folder, tokenizer, loadedAt: new Date().toISOString(), loadMs: performance.now() - start });
    } catch (error) {
      await loaded?.runner.dispose();
      throw loadProblem(error, this.request.source);
    }
  }

  #report(progress: LoadProgress): void {
    const isNews = progress.phase !== this.progress.phase || progress.file !== this.progress.file;
    this.progress = progress;
    const now = performance.now();
    if (!isNews && now - this.#lastNewsMs < PROGRESS_EVERY_MS) return;
    this.#lastNewsMs = now;
    this.onProgress(progress);
  }
}

function tokenizerOf({ tokenizerJson, tokenizerConfig }: ModelFolder): Tokenizer {
  if (!tokenizerJson)
    throw new ApiError('tokenizer_invalid', 'The folder has no tokenizer.json.', [{ path: 'tokenizer.json', message: 'is missing.' }]);
  return Tokenizer.fromFiles(tokenizerJson, tokenizerConfig ?? {});
}
