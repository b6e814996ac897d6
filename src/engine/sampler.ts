/** From a row of logits to a token: what a sampling function is, its random numbers, and log-probabilities. */
import { valueText } from '../environment/thrown.ts';
import { NotFiniteError, PatchedCodeError, messageOf } from './errors.ts';
import type { SamplingParams, Sequence, TokenLogprob } from './sequence.ts';

export interface SamplingContext {
  readonly params: Readonly<SamplingParams>;
  /** Prompt and completion so far. */
  readonly tokenIds: readonly number[];
  /** Uniform in [0, 1). The draws depend on seed, sample and position alone, never on the batch. */
  random(): number;
}

/** The default export of a sampler's file: the id of the next token. `logits` must not be changed. */
export type SamplingFunction = (logits: Float32Array, context: SamplingContext) => number;

/** Random numbers of one sample at one position (splitmix32 over seed, index and position). */
export function randomAt(seed: number, index: number, position: number): () => number {
  let state = mix(mix(mix(seed >>> 0) ^ (index + 0x7f4a7c15)) ^ (position + 0x9e3779b9));
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) >>> 0;
  };
  return () => (next() * 0x200000 + (next() >>> 11)) / 2 ** 53;
}

function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** The next token of a sequence. Throws a `NotFiniteError` for logits with NaN or ∞, a `PatchedCodeError` when the function throws or gives no token id. */
export function sampleToken(sequence: Sequence, logits: Float32Array, sample: SamplingFunction): number {
  checkFinite(logits);
  let tokenId: number;
  try {
    tokenId = sample(logits, {
      params: sequence.sampling,
      tokenIds: sequence.tokenIds,
      random: randomAt(sequence.sampling.seed, sequence.index, sequence.length),
    });
  } catch (thrown) {
    throw new PatchedCodeError('sampler', `The sampler threw: ${messageOf(thrown)}`, { cause: thrown });
  }
  if (!Number.isInteger(tokenId) || tokenId < 0 || tokenId >= logits.length) {
    throw new PatchedCodeError(
      'sampler',
      `The sampler gave ${valueText(tokenId)}; a token id is a whole number in 0 … ${logits.length - 1}.`,
    );
  }
  return tokenId;
}

/** −∞ rules a token out; NaN and +∞ are no logits, and neither are −∞ for all. */
function checkFinite(logits: Float32Array): void {
  let isAny = false;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (logit > -Infinity && logit < Infinity) isAny = true;
    else if (logit !== -Infinity) throw new NotFiniteError(`The logits are not finite: that of token ${id} is ${logit}.`);
  }
  if (!isAny) throw new NotFiniteError('The logits are not finite: each is -Infinity.');
}

/** Log-probability of `tokenId` under the raw logits, with the `numTop` most probable tokens, best first, equal ones by id. */
export function tokenLogprob(logits: Float32Array, tokenId: number, numTop: number): TokenLogprob {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > max) max = logits[i]!;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - max);
  const logNormalizer = max + Math.log(sum);

  return {
    tokenId,
    logprob: atLeast(logits[tokenId]! - logNormalizer),
    top: bestTokens(logits, numTop).map((id) => ({ tokenId: id, logprob: atLeast(logits[id]! - logNormalizer) })),
  };
}

/** Of a token that is ruled out, the least float32: JSON has no −∞. */
const atLeast = (logprob: number): number => Math.max(logprob, -3.4028234663852886e38);

/** Ids of the highest logits, by insertion into a short list. */
function bestTokens(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  for (let id = 0; id < logits.length; id++) {
    if (best.length === count && !(logits[id]! > logits[best[count - 1]!]!)) continue;
    let place = best.length;
    while (place > 0 && logits[id]! > logits[best[place - 1]!]!) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}
