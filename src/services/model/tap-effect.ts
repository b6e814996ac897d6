/** What taps change at the end of a sequence. */
import type { Output } from '../../contract/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { topCandidates } from './candidates.ts';

type Effect = NonNullable<Output<'model', 'forward'>['effect']>[number];

/** @param before logits without the taps, [V] @param after logits with them, [V] */
export function tapEffect(before: Float32Array, after: Float32Array, topK: number, tokenizer: Tokenizer): Effect {
  const [normaliserBefore, normaliserAfter] = [logSumExp(before), logSumExp(after)];
  let [divergence, largest] = [0, 0];
  for (let id = 0; id < before.length; id++) {
    const logprob = before[id]! - normaliserBefore;
    divergence += Math.exp(logprob) * (logprob - (after[id]! - normaliserAfter));
    largest = Math.max(largest, Math.abs(before[id]! - after[id]!));
  }
  return {
    kl_divergence: Math.max(divergence, 0), // rounding may leave it just below
    max_abs_logit_difference: largest,
    before: topCandidates(before, topK, tokenizer),
    after: topCandidates(after, topK, tokenizer),
  };
}

function logSumExp(logits: Float32Array): number {
  const max = logits.reduce((best, logit) => Math.max(best, logit), -Infinity);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}
