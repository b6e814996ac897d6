/** What a prompt becomes under two versions of the code, each on a runner and an engine of its own: the active one goes on untouched. */
import { MAX_COMPARED_TOKENS } from '../../contract/code-compare.ts';
import { ApiError, type Output, type ParsedInput } from '../../contract/index.ts';
import type { HookPoint } from '../../engine/graph/index.ts';
import { Engine, type ModelRunner } from '../../engine/index.ts';
import { Mutex } from '../../environment/mutex.ts';
import { StreamDecoder } from '../../engine/text/stream-decoder.ts';
import { lru } from '../../patchable/memory/index.ts';
import { fcfs } from '../../patchable/scheduler/index.ts';
import { fromEngine } from '../engine-errors.ts';
import { topCandidates } from '../model/candidates.ts';
import { eosTokenIds } from '../model/eos-token-ids.ts';
import { hookPointsNamed } from '../model/find-hook-points.ts';
import { stack } from '../model/forward.ts';
import { inTokenizer } from '../tokenizer-errors.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { LoadedModel } from '../serving/active-model.ts';
import type { ActiveTokenizer } from '../serving/active-tokenizer.ts';
import type { ModelCode } from '../serving/patches.ts';

type Question = Omit<ParsedInput<'code', 'compareVersions'>, 'id' | 'revision_id' | 'base_revision_id'>;
type Measured = Output<'code', 'compareVersions'>['before'];

export interface ComparedVersion extends ModelCode {
  revisionId: string;
}

const BLOCK_SIZE = 16;
/** The weights are held once more while it lasts; beyond this they would not fit beside the active model. */
const MAX_WEIGHT_BYTES = 768 * 2 ** 20;
/** Runs of which the fastest counts: whatever else the machine does only slows one down. */
const SPEED_RUNS = 3;
/** A run this slow is long enough to be measured once. */
const SLOW_MS = 1500;
/** Warm what is built on first use. */
const WARMUP_TOKENS = 4;

export class VersionComparer {
  readonly #turns = new Mutex();

  constructor(
    private readonly runners: Pick<ModelPlatform, 'openRunner' | 'openOpaque'>,
    private readonly text: ActiveTokenizer,
  ) {}

  /** One after the other, also where several ask: weights are held once more at most. */
  compare(model: LoadedModel, versions: readonly ComparedVersion[], question: Question, signal?: AbortSignal): Promise<Measured[]> {
    return this.#turns.run(async () => {
      const measured: Measured[] = [];
      for (const version of versions) measured.push(await this.#measure(model, version, question, signal));
      return measured;
    });
  }

  /** As the active model runs, so that speeds are its own. */
  #open(
    { folder, provider, computeDtype }: LoadedModel,
    { fragments, fragmentRevision }: ModelCode,
    numBlocks: number,
  ): Promise<ModelRunner> {
    const on = { provider, numBlocks, blockSize: BLOCK_SIZE };
    if (folder.graph) return this.runners.openOpaque({ ...on, graph: folder.graph, config: folder.config });
    return this.runners.openRunner({ ...on, folder, computeDtype, fragments, revision: fragmentRevision || 'built-in' });
  }

  async #measure(model: LoadedModel, version: ComparedVersion, question: Question, signal: AbortSignal | undefined): Promise<Measured> {
    throwIfAborted(signal);
    if (model.folder.bytes > MAX_WEIGHT_BYTES)
      throw new ApiError(
        'conflict',
        `The weights of ${Math.round(model.folder.bytes / 2 ** 20)} MiB are too large to be held a second time for a comparison; up to ${MAX_WEIGHT_BYTES / 2 ** 20} MiB are.`,
      );
    const { ids, tokens } = inTokenizer(() => this.text.encodeWith(version.normalize, question.prompt));
    const { maxPositionEmbeddings } = model.runner.shape;
    if (ids.length === 0 || ids.length + question.max_new_tokens > maxPositionEmbeddings)
      throw new ApiError(
        ids.length === 0 ? 'validation_failed' : 'context_exceeded',
        `The prompt gives ${ids.length} tokens; with max_new_tokens ${question.max_new_tokens} it must be 1 to ${maxPositionEmbeddings}, the model's context.`,
      );
    const runner = await this.#open(model, version, Math.ceil((ids.length + question.max_new_tokens) / BLOCK_SIZE) + 1);
    try {
      return {
        revision_id: version.revisionId,
        input_ids: ids,
        tokens,
        ...(await this.#look(runner, ids, question)),
        ...(await this.#write(runner, model, version, ids, question, signal)),
      };
    } finally {
      await runner.dispose();
    }
  }

  async #look(
    runner: ModelRunner,
    ids: number[],
    { capture, logits, top_k }: Question,
  ): Promise<Pick<Measured, 'logits' | 'captures' | 'top_k'>> {
    const tokenIds = ids.slice(-MAX_COMPARED_TOKENS);
    const points = 'hookPoints' in runner ? (runner.hookPoints as readonly HookPoint[]) : [];
    const names = [...new Set(capture.flatMap((pattern) => hookPointsNamed(pattern, points, '/capture').map(({ name }) => name)))];
    const { vocabSize } = runner.shape;
    const result = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'all' }], { capture: names });
    const rows = result.logits[0]!;
    return {
      logits: logits ? { dtype: 'float32', shape: [tokenIds.length, vocabSize], data: Float32Array.from(rows) } : null,
      captures: Object.fromEntries(names.map((name) => [name, stack([result.captures[0]!.get(name)!])])),
      top_k: topCandidates(rows.subarray(-vocabSize), top_k, this.text.tokenizer, '/top_k'),
    };
  }

  async #write(
    runner: ModelRunner,
    { folder }: LoadedModel,
    { sample }: ModelCode,
    promptTokenIds: number[],
    { temperature, seed, max_new_tokens }: Question,
    signal: AbortSignal | undefined,
  ): Promise<Pick<Measured, 'generated' | 'tokens_per_second'>> {
    const engine = new Engine(runner, { policy: fcfs, eviction: lru, sample, prefixCaching: false, watermark: 0 });
    const run = async (maxNewTokens: number) => {
      throwIfAborted(signal);
      const request = { promptTokenIds, maxNewTokens, eosTokenIds: eosTokenIds(folder), sampling: { temperature, seed } };
      const { id, result } = engine.generate(request);
      const cancel = () => {
        if (engine.get(id)?.finishReason === null) engine.cancel(id);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const { completions, timings } = await result;
      signal?.removeEventListener('abort', cancel);
      throwIfAborted(signal);
      const { tokenIds, finishReason, error } = completions[0]!;
      if (finishReason === 'error') throw new ApiError('code_invalid', `The generation failed: ${error ?? 'no reason was given'}.`);
      const decodeMs = timings.e2eMs - (timings.ttftMs ?? 0);
      return { tokenIds, speed: tokenIds.length > 1 && decodeMs > 0 ? (1000 * (tokenIds.length - 1)) / decodeMs : null };
    };
    try {
      await run(Math.min(WARMUP_TOKENS, max_new_tokens));
      const start = performance.now();
      const { tokenIds, speed } = await run(max_new_tokens);
      let fastest = speed;
      for (let i = 1; i < SPEED_RUNS && performance.now() - start < SLOW_MS; i++) {
        const again = (await run(max_new_tokens)).speed;
        if (again !== null && again > (fastest ?? 0)) fastest = again;
      }
      return { generated: this.#texts(tokenIds), tokens_per_second: fastest };
    } catch (error) {
      throw fromEngine(error);
    } finally {
      await engine.stop();
    }
  }

  #texts(tokenIds: readonly number[]): Measured['generated'] {
    const decoder = new StreamDecoder(this.text.tokenizer, { skipSpecialTokens: true });
    const generated = tokenIds.map((token_id) => ({ token_id, text: decoder.push(token_id) }));
    const last = generated.at(-1);
    if (last) last.text += decoder.flush();
    return generated;
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ApiError('cancelled', 'The caller cancelled the comparison; nothing was changed.');
}
