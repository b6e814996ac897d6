/** The sampler: repetition penalty, temperature, top-k, top-p, min-p, then one draw: the order of transformers. Linear in the vocabulary: only the tokens at the edge of a filter are sorted. */
import type { SamplingContext, SamplingFunction } from '../../engine/sampler.ts';

export const about = { name: 'default', rule: 'Repetition penalty, temperature, top-k, top-p, min-p, then one draw.' };

const sample: SamplingFunction = (logits, context) => {
  const { temperature, topK, topP, minP } = context.params;
  if (temperature === 0 && context.params.repetitionPenalty === 1) return bestOf(logits);

  const size = logits.length;
  if (scores.length < size) grow(size);
  for (let id = 0; id < size; id++) scores[id] = Number.isNaN(logits[id]!) ? -Infinity : logits[id]!;
  penalizeRepetition(size, context);

  let best = -1;
  let highest = -Infinity;
  let lowest = Infinity;
  for (let id = 0; id < size; id++) {
    const score = scores[id]!;
    if (score > highest) {
      highest = score;
      best = id;
    }
    if (score < lowest && score > -Infinity) lowest = score;
  }
  if (best < 0) throw new RangeError('No logit is above -Infinity.');
  if (temperature === 0 || highest === Infinity) return best;

  // Temperature, top-k. Weights are probabilities times a constant, so that the best token's is 1; of equal scores at its edge top-k keeps all.
  const top = topK > 0 && topK < size ? cutoff(scores, null, size, highest, lowest, topK) : ALL;
  let count = 0;
  let mass = 0;
  for (let id = 0; id < size; id++) {
    const score = scores[id]!;
    if (score < top.edge) continue;
    ids[count] = id;
    scores[count] = score;
    weights[count] = Math.exp((score - highest) / temperature);
    mass += weights[count++]!;
  }

  // Top-p over what top-k left, then min-p.
  const nucleus = topP < 1 ? cutoff(scores, weights, count, highest, Math.max(lowest, highest - 40 * temperature), topP * mass) : ALL;
  let tied = nucleus.tied;
  let kept = 0;
  mass = 0;
  for (let i = 0; i < count; i++) {
    const score = scores[i]!;
    if (score < nucleus.edge || (score === nucleus.edge && tied-- <= 0) || weights[i]! < minP || weights[i] === 0) continue;
    ids[kept] = ids[i]!;
    weights[kept] = weights[i]!;
    mass += weights[kept++]!;
  }

  let left = context.random() * mass;
  for (let i = 0; i < kept; i++) {
    left -= weights[i]!;
    if (left < 0) return ids[i]!;
  }
  return kept > 0 ? ids[kept - 1]! : best;
};

export default sample;

/** What a filter keeps: all scores above `edge`, and the first `tied` of those at it. */
interface Cutoff {
  edge: number;
  tied: number;
}

const ALL: Cutoff = { edge: -Infinity, tied: Infinity };

const BINS = 1024;
const bins = new Float64Array(BINS);
/** Grown to the vocabulary once, then used again and again. */
let scores = new Float64Array(0);
let weights = new Float64Array(0);
let ids = new Int32Array(0);
let binOf = new Uint16Array(0);
let atEdge = new Int32Array(0);

function grow(size: number): void {
  [scores, weights] = [new Float64Array(size), new Float64Array(size)];
  [ids, atEdge, binOf] = [new Int32Array(size), new Int32Array(size), new Uint16Array(size)];
}

/** The lowest id of those with the highest score. */
function bestOf(logits: Float32Array): number {
  let best = -1;
  let highest = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! <= highest || Number.isNaN(logits[id]!)) continue;
    best = id;
    highest = logits[id]!;
  }
  if (best < 0) throw new RangeError('No logit is above -Infinity.');
  return best;
}

/** Divides positive scores of tokens seen so far by the penalty and multiplies negative ones (CTRL, Keskar et al. 2019). */
function penalizeRepetition(size: number, { params: { repetitionPenalty }, tokenIds }: SamplingContext): void {
  if (repetitionPenalty === 1) return;
  for (const id of new Set(tokenIds)) {
    if (id < size) scores[id] = scores[id]! > 0 ? scores[id]! / repetitionPenalty : scores[id]! * repetitionPenalty;
  }
}

/**
 * The smallest set of best scores that weighs `target` together; without weights each counts 1.
 * A histogram finds the bin where the set ends, and only that bin is sorted. Equal scores rank by id.
 */
function cutoff(
  values: Float64Array,
  weightOf: Float64Array | null,
  size: number,
  highest: number,
  lowest: number,
  target: number,
): Cutoff {
  const scale = highest > lowest ? BINS / (highest - lowest) : 0;
  bins.fill(0);
  for (let i = 0; i < size; i++) {
    const bin = values[i]! > lowest ? Math.min(BINS - 1, ((highest - values[i]!) * scale) | 0) : BINS - 1;
    binOf[i] = bin;
    bins[bin]! += weightOf ? weightOf[i]! : 1;
  }

  let edgeBin = 0;
  let mass = 0;
  while (edgeBin < BINS - 1 && mass + bins[edgeBin]! < target) mass += bins[edgeBin++]!;
  let count = 0;
  for (let i = 0; i < size; i++) if (binOf[i] === edgeBin) atEdge[count++] = i;

  let edge = -Infinity;
  let tied = 0;
  for (const i of atEdge.subarray(0, count).sort((a, b) => values[b]! - values[a]! || a - b)) {
    tied = values[i] === edge ? tied + 1 : 1;
    edge = values[i]!;
    mass += weightOf ? weightOf[i]! : 1;
    if (mass >= target) break;
  }
  return { edge, tied };
}
