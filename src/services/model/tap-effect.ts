/** What taps change at the end of a sequence. */
import type { Output } from '../../contract/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { topCandidates } from './candidates.ts';
import { assertFinite } from '../finite.ts';

type Effect = NonNullable<Output<'model', 'forward'>['effect']>[number];

/**
 * @param before logits without the taps, [V] @param after logits with them, [V]
 * @throws ApiError not_finite
 */
export function tapEffect(before: Float32Array, after: Float32Array, topK: number, tokenizer: Tokenizer, path: string): Effect {
  const candidates = {
    before: topCandidates(before, topK, tokenizer, `${path}/before`),
    after: topCandidates(after, topK, tokenizer, `${path}/after`),
  };
  const [normaliserBefore, normaliserAfter] = [logSumExp(before), logSumExp(after)];
  let [divergence, largest] = [0, 0];
  for (let id = 0; id < before.length; id++) {
    const logprob = before[id]! - normaliserBefore;
    // What has no probability adds nothing, however unlikely it has become.
    if (logprob > -Infinity) divergence += Math.exp(logprob) * (logprob - (after[id]! - normaliserAfter));
    if (before[id] !== after[id]) largest = Math.max(largest, Math.abs(before[id]! - after[id]!));
  }
  return {
    // Rounding may leave it just below.
    kl_divergence: Math.max(assertFinite(`${path}/kl_divergence`, divergence), 0),
    max_abs_logit_difference: assertFinite(`${path}/max_abs_logit_difference`, largest),
    ...candidates,
  };
}

function logSumExp(logits: Float32Array): number {
  const max = logits.reduce((best, logit) => Math.max(best, logit), -Infinity);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}
