/** Detached sequences in several runs where they are many: between two of them other calls have their turn, and one that is over stops. */
import { type BatchRow, type ModelRunner, type RunOptions, type RunResult } from '../../engine/index.ts';
import { yieldToEventLoop } from '../../engine/event-loop.ts';

/** Tokens of one run, unless a single sequence has more: a second or two of a model of 100 M parameters on WASM. */
const PIECE_TOKENS = 256;

/**
 * @param rows without blocks
 * @throws the reason of the signal
 */
export async function runInPieces(
  runner: ModelRunner,
  rows: readonly BatchRow[],
  { taps = [], ...options }: RunOptions,
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const result: RunResult = { logits: [], captures: [], runMs: 0 };
  for (const [first, end] of piecesOf(rows)) {
    if (first > 0) await yieldToEventLoop();
    signal?.throwIfAborted();
    const own = taps.filter(({ row }) => row >= first && row < end).map((tap) => ({ ...tap, row: tap.row - first }));
    const { logits, captures, runMs } = await runner.run(rows.slice(first, end), { ...options, taps: own });
    result.logits.push(...logits);
    result.captures.push(...captures);
    result.runMs += runMs;
  }
  return result;
}

/** Rows from the first to before the end; they are as long as the longest of them in the run. */
function piecesOf(rows: readonly BatchRow[]): [first: number, end: number][] {
  const pieces: [number, number][] = [];
  let [first, longest] = [0, 0];
  rows.forEach(({ tokenIds }, i) => {
    const next = Math.max(longest, tokenIds.length);
    const isFull = i > first && (i - first + 1) * next > PIECE_TOKENS;
    if (isFull) pieces.push([first, i]);
    [first, longest] = isFull ? [i, tokenIds.length] : [first, next];
  });
  return [...pieces, [first, rows.length]];
}
