/** What a candidate fragment does to the model beside the built-in one: logits, the first place where values differ, and speed. */
import type { Output } from '../../contract/index.ts';
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { ModelRunner, RunResult } from '../../engine/index.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import { firstDeparture, probesOf } from './departure.ts';
import type { PatchableModel } from './in-force.ts';

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
  /** @param open a runner of the same weights with other fragments, apart from the one that serves */
  constructor(private readonly open: (model: PatchableModel, fragments: ModelFragments) => Promise<ModelRunner>) {}

  /** @returns null for a model too large to be opened a second time */
  async measure(model: PatchableModel, fragments: ModelFragments): Promise<Effect | null> {
    if (model.folder.bytes > MAX_WEIGHT_BYTES) return null;
    const builtIn = await this.#try(model, builtinFragments(model.provider));
    const candidate = await this.#try(model, fragments);
    const [before, after] = [builtIn.result.logits[0]!, candidate.result.logits[0]!];
    return {
      ...differences(before, after, model.runner.shape.vocabSize),
      first_departure: firstDeparture(model.folder.config, builtIn.result, candidate.result),
      before_ms: builtIn.medianMs,
      after_ms: candidate.medianMs,
    };
  }

  async #try(model: PatchableModel, fragments: ModelFragments): Promise<Trial> {
    const runner = await this.open(model, fragments);
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

/** @param before [T, V] */
function differences(
  before: Float32Array,
  after: Float32Array,
  vocabSize: number,
): Pick<Effect, 'max_abs_logit_difference' | 'mean_abs_logit_difference' | 'top_1_agreement'> {
  const rows = before.length / vocabSize;
  let [max, sum, agreements] = [0, 0, 0];
  for (let i = 0; i < before.length; i++) {
    // What is not finite on one side is as far away as can be.
    const apart = before[i] === after[i] ? 0 : Math.abs(before[i]! - after[i]!);
    const difference = Number.isFinite(apart) ? apart : 3.4028234663852886e38;
    sum += difference;
    if (difference > max) max = difference;
  }
  const bestOf = (logits: Float32Array, row: number) => {
    const of = logits.subarray(row * vocabSize, (row + 1) * vocabSize);
    return of.reduce((best, value, id) => (value > of[best]! ? id : best), 0);
  };
  for (let row = 0; row < rows; row++) if (bestOf(before, row) === bestOf(after, row)) agreements++;
  return { max_abs_logit_difference: max, mean_abs_logit_difference: sum / before.length, top_1_agreement: agreements / rows };
}
