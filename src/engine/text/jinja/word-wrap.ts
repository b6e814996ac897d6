/** `textwrap.wrap` of Python for one line of text. */
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

export function wordWrap(text: string, width: number, breaksLongWords: boolean, breaksOnHyphens: boolean): string[] {
  const chunks = text
    .split(breaksOnHyphens ? WITH_HYPHENS : SIMPLE)
    .filter(Boolean)
    .toReversed();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1)!)) chunks.pop();
    const line: string[] = [];
    let length = 0;
    while (chunks.length > 0 && length + lengthOf(chunks.at(-1)!) <= width) {
      length += lengthOf(chunks.at(-1)!);
      line.push(chunks.pop()!);
    }
    if (chunks.length > 0 && lengthOf(chunks.at(-1)!) > width)
      breakWord(chunks, line, width - length, width, breaksLongWords, breaksOnHyphens);
    if (line.length > 0 && isBlank(line.at(-1)!)) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** A word longer than a line: its beginning fills this one, or it stands on a line of its own. */
function breakWord(
  chunks: string[],
  line: string[],
  left: number,
  width: number,
  breaksLongWords: boolean,
  breaksOnHyphens: boolean,
): void {
  const room = width < 1 ? 1 : left;
  const word = chunks.at(-1)!;
  if (breaksLongWords) {
    let end = room;
    if (breaksOnHyphens && lengthOf(word) > room) {
      const hyphen = characters(word).slice(0, room).lastIndexOf('-');
      if (
        hyphen > 0 &&
        characters(word)
          .slice(0, hyphen)
          .some((character) => character !== '-')
      )
        end = hyphen + 1;
    }
    line.push(sliceOf(word, 0, end));
    chunks[chunks.length - 1] = sliceOf(word, end, Infinity);
  } else if (line.length === 0) line.push(chunks.pop()!);
}
