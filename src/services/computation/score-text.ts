/** How well a text is predicted under a plan: bits per byte, and how often its first choice is that of the built-in code. */
import { type ModelRunner, NotFiniteError } from '../../engine/index.ts';
import { throwIfAborted } from './device-queue.ts';

/** Tokens scored at once; each window begins with the last token of the one before. */
const WINDOW = 256;

export interface TextScore {
  bits_per_byte: number | null;
  top_1_agreement: number | null;
  max_abs_logit_difference: number | null;
}

/** Bytes of logits that are kept while the built-in code takes the place of the plan's. */
const KEPT_BYTES = 64 * 2 ** 20;

/** The same weights under two codes; asking for one may put its code into the runner of the other. */
interface Runners {
  plan(): Promise<ModelRunner>;
  builtIn(): Promise<ModelRunner>;
}

export async function scoreText(
  ids: readonly number[],
  bytes: number,
  runners: Runners,
  signal: AbortSignal | undefined,
): Promise<TextScore> {
  const { vocabSize, maxPositionEmbeddings } = (await runners.plan()).shape;
  const width = Math.min(WINDOW, maxPositionEmbeddings);
  const windows: (readonly number[])[] = [];
  for (let start = 0; start + 1 < ids.length; start += width - 1) windows.push(ids.slice(start, start + width));
  const together = Math.max(1, Math.floor(KEPT_BYTES / (width * vocabSize * Float32Array.BYTES_PER_ELEMENT)));
  let [bits, agreed, positions, difference] = [0, 0, 0, 0];
  for (let first = 0; first < windows.length; first += together) {
    const group = windows.slice(first, first + together);
    const actual = await logitsOf(await runners.plan(), group, signal);
    const expected = await runners.builtIn();
    for (const [i, tokenIds] of group.entries()) {
      const [reference] = await logitsOf(expected, [tokenIds], signal);
      for (let t = 0; t + 1 < tokenIds.length; t++) {
        const row = actual[i]!.subarray(t * vocabSize, (t + 1) * vocabSize);
        const { best, logSum } = normalizer(row);
        if (!Number.isFinite(logSum)) throw new NotFiniteError(`The logits after token ${t} of a window are not finite.`);
        bits += (logSum - row[tokenIds[t + 1]!]!) / Math.LN2;
        positions++;
        const other = reference!.subarray(t * vocabSize, (t + 1) * vocabSize);
        if (normalizer(other).best === best) agreed++;
        for (let j = 0; j < vocabSize; j++) if (row[j] !== other[j]) difference = Math.max(difference, Math.abs(row[j]! - other[j]!));
      }
    }
  }
  const isScored = positions > 0;
  return {
    bits_per_byte: isScored && bytes > 0 ? Math.max(0, bits / bytes) : null,
    top_1_agreement: isScored ? agreed / positions : null,
    max_abs_logit_difference: isScored ? difference : null,
  };
}

/** [T × V] of each window. */
async function logitsOf(
  runner: ModelRunner,
  windows: readonly (readonly number[])[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (const tokenIds of windows) {
    throwIfAborted(signal);
    all.push((await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'all' }])).logits[0]!);
  }
  return all;
}

function normalizer(row: Float32Array): { best: number; logSum: number } {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += Math.exp(row[i]! - row[best]!);
  return { best, logSum: row[best]! + Math.log(sum) };
}
