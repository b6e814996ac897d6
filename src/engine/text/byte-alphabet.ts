/** GPT-2's alphabet: every byte as a printable character, so that a vocabulary of bytes can be written as text. */
import { AlignedText } from './aligned-text.ts';

/** The character of each byte. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : 256 + others++));
})();

const byteOf = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

/** The byte that a character of the alphabet stands for. */
export const byteOfCharacter = (character: string): number | undefined => byteOf.get(character);

/** Text as characters of the alphabet; each byte has the range of its whole character. */
export function toByteAlphabet(source: AlignedText): AlignedText {
  const { text } = source;
  let written = '';
  let unit = 0;
  for (; unit < text.length; unit++) {
    const code = text.charCodeAt(unit);
    if (code > 0x7f) break;
    written += BYTE_CHARACTERS[code];
  }
  // ASCII stays unit for unit.
  if (unit === text.length) return source.withText(written);

  const starts: number[] = [];
  const ends: number[] = [];
  written = '';
  unit = 0;
  for (const character of text) {
    const start = source.start(unit);
    unit += character.length;
    const end = source.end(unit);
    const bytes = inAlphabet(character.codePointAt(0)!);
    written += bytes;
    for (let byte = 0; byte < bytes.length; byte++) {
      starts.push(start);
      ends.push(end);
    }
  }
  return AlignedText.aligned(written, starts, ends);
}

/** A character's UTF-8 in the alphabet; an encoder call for each would take most of the time. */
function inAlphabet(code: number): string {
  const last = BYTE_CHARACTERS[0x80 | (code & 0x3f)]!;
  if (code < 0x80) return BYTE_CHARACTERS[code]!;
  if (code < 0x800) return BYTE_CHARACTERS[0xc0 | (code >> 6)]! + last;
  const third = BYTE_CHARACTERS[0x80 | ((code >> 6) & 0x3f)]!;
  if (code < 0x10000) return BYTE_CHARACTERS[0xe0 | (code >> 12)]! + third + last;
  return BYTE_CHARACTERS[0xf0 | (code >> 18)]! + BYTE_CHARACTERS[0x80 | ((code >> 12) & 0x3f)]! + third + last;
}
