/** How well a text is predicted under a plan: bits per byte, and how often its first choice is that of the built-in code. */
import type { ModelRunner } from '../../engine/index.ts';
import { throwIfAborted } from './device-queue.ts';

/** Tokens scored at once; each window begins with the last token of the one before. */
const WINDOW = 256;

export interface TextScore {
  bits_per_byte: number | null;
  top_1_agreement: number | null;
  max_abs_logit_difference: number | null;
}

/** @param builtIn the same weights under the built-in code, where they stand ready; `null`: nothing is compared */
export async function scoreText(
  ids: readonly number[],
  bytes: number,
  runner: ModelRunner,
  builtIn: ModelRunner | null,
  signal: AbortSignal | undefined,
): Promise<TextScore> {
  const width = Math.min(WINDOW, runner.shape.maxPositionEmbeddings);
  const { vocabSize } = runner.shape;
  let [bits, agreed, positions, difference] = [0, 0, 0, 0];
  for (let start = 0; start + 1 < ids.length; start += width - 1) {
    throwIfAborted(signal);
    const rows = [{ tokenIds: ids.slice(start, start + width), past: 0, blockTable: null, logits: 'all' as const }];
    const logits = (await runner.run(rows)).logits[0]!;
    const expected = builtIn && (await builtIn.run(rows)).logits[0]!;
    for (let t = 0; t + 1 < rows[0]!.tokenIds.length; t++) {
      const row = logits.subarray(t * vocabSize, (t + 1) * vocabSize);
      const { best, logSum } = normalizer(row);
      bits += (logSum - row[rows[0]!.tokenIds[t + 1]!]!) / Math.LN2;
      positions++;
      if (!expected) continue;
      const other = expected.subarray(t * vocabSize, (t + 1) * vocabSize);
      if (normalizer(other).best === best) agreed++;
      for (let i = 0; i < vocabSize; i++) difference = Math.max(difference, Math.abs(row[i]! - other[i]!));
    }
  }
  const isScored = positions > 0;
  return {
    bits_per_byte: isScored && bytes > 0 ? Math.max(0, bits / bytes) : null,
    top_1_agreement: isScored && builtIn ? agreed / positions : null,
    max_abs_logit_difference: isScored && builtIn ? difference : null,
  };
}

function normalizer(row: Float32Array): { best: number; logSum: number } {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += Math.exp(row[i]! - row[best]!);
  return { best, logSum: row[best]! + Math.log(sum) };
}
