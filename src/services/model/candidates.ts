/** The most probable next tokens of a row of logits, for people. */
import type { Output } from '../../contract/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { assertLogits } from '../finite.ts';

type Candidate = NonNullable<Output<'model', 'forward'>['top_k']>[number][number];

/**
 * @param logits [V]; the best `k` come first, the lower id first among equals; tokens that are ruled out (−∞) are left out
 * @throws ApiError not_finite
 */
export function topCandidates(logits: Float32Array, k: number, tokenizer: Tokenizer, path: string): Candidate[] {
  assertLogits(path, logits);
  const best: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    if (logits[id] === -Infinity || (best.length === k && logits[id]! <= logits[best[k - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && logits[best[at - 1]!]! < logits[id]!) at--;
    best.splice(at, 0, id);
    if (best.length > k) best.pop();
  }
  const max = logits[best[0]!] ?? 0;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - max);
  const logNormaliser = max + Math.log(sum);
  return best.map((id) => ({
    token_id: id,
    token: tokenizer.idToToken(id) ?? '',
    logit: logits[id]!,
    logprob: logits[id]! - logNormaliser,
  }));
}
