/** What a candidate fragment does to the model beside the built-in one: logits, the first place where values differ, and speed. */
import type { Output } from '../../contract/index.ts';
import { differenceOf, MAX_FLOAT32, topAgreement } from '../../contract/value-difference.ts';
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { RunResult } from '../../engine/index.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import { firstDivergence, probesOf } from './divergence.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';
import type { LoadedModel } from '../serving/active-model.ts';

export type Effect = NonNullable<Output<'code', 'testResource'>['effect']>;

/** Tokens of the pass that is compared. */
const TOKENS = 64;
const TIMED_RUNS = 5;
/** Trial runners hold the weights once more; beyond this they would not fit beside the active model. */
const MAX_WEIGHT_BYTES = 256 * 2 ** 20;

interface Trial {
  /** With every probe captured. */
  result: RunResult;
  medianMs: number;
}

export class EffectMeter {
  /** @param runners for one of the same weights with other fragments, apart from the one that serves */
  constructor(private readonly runners: Pick<ModelPlatform, 'openRunner'>) {}

  /** @returns null for a model too large to be opened a second time */
  async measure(model: LoadedModel, fragments: ModelFragments): Promise<Effect | null> {
    if (model.folder.bytes > MAX_WEIGHT_BYTES) return null;
    const builtIn = await this.#try(model, builtinFragments(model.provider));
    const candidate = await this.#try(model, fragments);
    const [before, after] = [builtIn.result.logits[0]!, candidate.result.logits[0]!];
    const { max, mean } = differenceOf(before, after);
    return {
      max_abs_logit_difference: Math.min(max, MAX_FLOAT32),
      mean_abs_logit_difference: Math.min(mean, MAX_FLOAT32),
      top_1_agreement: topAgreement(before, after, model.runner.shape.vocabSize),
      first_departure: firstDivergence(model.folder.config, builtIn.result, candidate.result),
      before_ms: builtIn.medianMs,
      after_ms: candidate.medianMs,
    };
  }

  async #try(model: LoadedModel, fragments: ModelFragments): Promise<Trial> {
    // Always on WASM, whose runtime is a module of its own: it disturbs no work on the GPU.
    const on = { provider: 'wasm', computeDtype: 'float32', numBlocks: 1, blockSize: 16 } as const;
    const runner = await this.runners.openRunner({ ...on, folder: model.folder, fragments, revision: 'trial' });
    try {
      const { vocabSize, maxPositionEmbeddings } = runner.shape;
      // Spread over the vocabulary, and the same for every candidate.
      const tokenIds = Array.from({ length: Math.min(TOKENS, maxPositionEmbeddings) }, (_, i) => (i * 2_654_435_761) % vocabSize);
      const rows = [{ tokenIds, past: 0, blockTable: null, logits: 'all' as const }];
      const times: number[] = [];
      for (let i = 0; i < TIMED_RUNS; i++) times.push((await runner.run(rows)).runMs);
      const result = await runner.run(rows, { capture: probesOf(model.folder.config).map(({ hookPoint }) => hookPoint) });
      return { result, medianMs: times.toSorted((a, b) => a - b)[Math.floor(TIMED_RUNS / 2)]! };
    } finally {
      await runner.dispose();
    }
  }
}
