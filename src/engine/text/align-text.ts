/** Finds where each character of a rewritten text came from, so that a normalizer that people write need not keep positions. */
import { AlignedText } from './aligned-text.ts';
import type { TextNormalizer } from './text-normalizer.ts';
import type { Normalizer } from './normalizers.ts';

/** Differences that are weighed at once; more of them in one place are taken in several goes. */
const MAX_DIFFERENCES = 200;

/** A stage of the tokenizer from a function on plain text. */
export const alignedNormalizer =
  (normalize: TextNormalizer): Normalizer =>
  (source) => {
    const text = normalize(source.text);
    return text === source.text ? source : alignText(source, text.toWellFormed());
  };

/**
 * The new text, each of its characters with the original range that it came from: by a shortest edit script (Myers 1986) over
 * characters, for which letters that differ in case, accent or width only are the same. Where a run was replaced by one of another length,
 * each new character has the range of the whole run; one that was inserted belongs to the character before it.
 */
export function alignText(source: AlignedText, text: string): AlignedText {
  const [before, after] = [charactersOf(source.text), charactersOf(text)];
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  /** Characters `[a, a2)` of the source are what `[b, b2)` of the text came from. */
  const put = (a: number, a2: number, b: number, b2: number) => {
    const from = source.start(before.at[a]!);
    const to = source.end(before.at[a2]!);
    starts.fill(from, after.at[b], after.at[b2]);
    ends.fill(to, after.at[b], after.at[b2]);
  };
  const replace = (a: number, a2: number, b: number, b2: number) => {
    if (b === b2) return;
    if (a2 - a === b2 - b) for (let i = 0; i < a2 - a; i++) put(a + i, a + i + 1, b + i, b + i + 1);
    else if (a < a2) put(a, a2, b, b2);
    else if (before.folded.length === 0) put(0, 0, b, b2);
    else put(Math.max(0, a - 1), Math.max(1, a), b, b2);
  };
  let [a, b] = [0, 0];
  for (const [sameA, sameB, length] of matchingRuns(before.folded, after.folded)) {
    replace(a, sameA, b, sameB);
    for (let i = 0; i < length; i++) put(sameA + i, sameA + i + 1, sameB + i, sameB + i + 1);
    [a, b] = [sameA + length, sameB + length];
  }
  replace(a, before.folded.length, b, after.folded.length);
  return AlignedText.aligned(text, starts, ends);
}

/** Characters without case, accent and width, and where each begins; the end comes last. */
function charactersOf(text: string): { folded: string[]; at: number[] } {
  const folded: string[] = [];
  const at: number[] = [];
  let position = 0;
  for (const character of text) {
    folded.push(character < '\u0080' ? character.toLowerCase() : (Array.from(character.normalize('NFKD').toLowerCase())[0] ?? character));
    at.push(position);
    position += character.length;
  }
  at.push(position);
  return { folded, at };
}

type Run = readonly [a: number, b: number, length: number];

/** Runs that both have, from left to right. */
function matchingRuns(a: readonly string[], b: readonly string[]): Run[] {
  const runs: Run[] = [];
  let [x, y] = [0, 0];
  while (x < a.length && y < b.length) {
    const path = forward(a, b, x, y);
    for (const run of path.runs) runs.push(run);
    [x, y] = [path.x, path.y];
  }
  return runs;
}

/** Where a diagonal was reached: at `start` by one difference from the diagonal `from`, and along what both have to `x`. */
interface Reached {
  x: number;
  start: number;
  from: number;
}

/** The greedy search of Myers from a place on: to the end of both or, after so many differences, as far as it got. */
function forward(a: readonly string[], b: readonly string[], fromX: number, fromY: number): { x: number; y: number; runs: Run[] } {
  const offset = fromX - fromY;
  /** By diagonal x − y − offset, for each number of differences. */
  const steps: Map<number, Reached>[] = [];
  let last = new Map<number, Reached>([[1, { x: fromX, start: fromX, from: 1 }]]);
  for (let differences = 0; ; differences++) {
    const next = new Map<number, Reached>();
    let best = { x: fromX, y: fromY, diagonal: 0, sum: -1 };
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const fits = (x: number) => x <= a.length && x - diagonal - offset <= b.length;
      const inserted = last.get(diagonal + 1)?.x ?? -1;
      const dropped = (last.get(diagonal - 1)?.x ?? -2) + 1;
      const [start, from] = dropped > inserted && fits(dropped) ? [dropped, diagonal - 1] : [inserted, diagonal + 1];
      if (start < 0 || !fits(start)) continue;
      let x = start;
      while (x < a.length && x - diagonal - offset < b.length && a[x] === b[x - diagonal - offset]) x++;
      const y = x - diagonal - offset;
      next.set(diagonal, { x, start, from });
      if (x + y > best.sum) best = { x, y, diagonal, sum: x + y };
    }
    steps.push(next);
    const isEnd = best.x === a.length && best.y === b.length;
    if (isEnd || differences === MAX_DIFFERENCES) return { x: best.x, y: best.y, runs: runsOf(steps, best.diagonal, offset) };
    last = next;
  }
}

/** The way back from the end of a search. */
function runsOf(steps: readonly Map<number, Reached>[], end: number, offset: number): Run[] {
  const runs: Run[] = [];
  let diagonal = end;
  for (const step of steps.toReversed()) {
    const { x, start, from } = step.get(diagonal)!;
    if (x > start) runs.push([start, start - diagonal - offset, x - start]);
    diagonal = from;
  }
  return runs.toReversed();
}
