/** `textwrap.wrap` of Python for one line of text. */
import type { Budget } from './limits.ts';
import { characters, lengthOf, sliceOf } from './text.ts';

const WORD = '[\\p{L}\\p{N}_]';
const PUNCTUATED = `[\\p{L}\\p{N}_!"'&.,?]`;
const LETTER = '[\\p{L}\\p{Nl}_]';
const SPACE = '[\\t\\n\\v\\f\\r ]';
const OTHER = '[^\\t\\n\\v\\f\\r ]';
const SIMPLE = new RegExp(`(${SPACE}+)`, 'u');
/** White space, dashes between words, and words up to a hyphen within them. */
const WITH_HYPHENS = new RegExp(
  `(${SPACE}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|${OTHER}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${PUNCTUATED}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  'u',
);

const isBlank = (chunk: string) => chunk.trim() === '';

export interface Wrapping {
  readonly width: number;
  readonly breaksLongWords: boolean;
  readonly breaksOnHyphens: boolean;
}

export function wordWrap(text: string, wrapping: Wrapping, budget: Budget): string[] {
  const { width, breaksLongWords, breaksOnHyphens } = wrapping;
  // Dashes in a row are looked through from each of them.
  if (breaksOnHyphens) for (const [run] of text.matchAll(/-{2,}/g)) budget.step(Math.ceil(run.length ** 2 / 8));
  const chunks = text
    .split(breaksOnHyphens ? WITH_HYPHENS : SIMPLE)
    .filter(Boolean)
    .toReversed();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1)!)) chunks.pop();
    const line: string[] = [];
    let length = 0;
    while (chunks.length > 0) {
      const next = lengthOf(chunks.at(-1)!);
      budget.step();
      budget.read(chunks.at(-1)!.length);
      if (length + next > width) break;
      length += next;
      line.push(chunks.pop()!);
    }
    const isTooLong = chunks.length > 0 && lengthOf(chunks.at(-1)!) > width;
    if (isTooLong && breaksLongWords) line.push(beginningOf(chunks, width - length, breaksOnHyphens, budget));
    else if (isTooLong && line.length === 0) line.push(chunks.pop()!);
    if (line.length > 0 && isBlank(line.at(-1)!)) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** Of a word longer than a line what fills this one, up to a hyphen where there is one; the rest is left. */
function beginningOf(chunks: string[], room: number, breaksOnHyphens: boolean, budget: Budget): string {
  const word = chunks.at(-1)!;
  budget.read(word.length * 3);
  const start = sliceOf(word, 0, room);
  let end = room;
  if (breaksOnHyphens && lengthOf(word) > room) {
    const points = characters(start);
    const hyphen = points.lastIndexOf('-');
    if (hyphen > 0 && points.slice(0, hyphen).some((character) => character !== '-')) end = hyphen + 1;
  }
  chunks[chunks.length - 1] = sliceOf(word, end, Infinity);
  return sliceOf(word, 0, end);
}
