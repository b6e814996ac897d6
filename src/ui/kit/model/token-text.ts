/** Tokens as people read them: the vocabulary's way of writing undone, and whitespace as signs, the same ones everywhere. */

/** How a vocabulary writes: bytes as letters (GPT-2's alphabet), or text with `▁` for a space (SentencePiece). */
export type Writing = 'bytes' | 'text';

/** By the decoder that `GET /tokenizer/config` names. */
export const writingOf = (decoder: string | null | undefined): Writing => (/ByteLevel/.test(decoder ?? '') ? 'bytes' : 'text');

const MARKS: Record<string, string> = {
  ' ': '·',
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  '\u00a0': '⍽',
  '\u200b': '∅',
  '\u200d': '‑zwj‑',
};

/** Text with its whitespace visible. */
export function visible(text: string): string {
  return text.replace(/[ \n\r\t\u00a0\u200b]|\u200d/g, (character) => MARKS[character] ?? character);
}

/** Text of which only the ends can hide whitespace, as a cell of a table or the name of a bar. */
export const visibleEnds = (text: string): string => text.replace(/^\s+|\s+$/g, visible);

/** The text that a piece of the vocabulary stands for; a byte that is no whole character stays `<0xE2>`. */
export function pieceText(piece: string, writing: Writing): string {
  if (writing === 'text') return piece.replaceAll('▁', ' ');
  const bytes = Array.from(piece, byteOf);
  // A special token is written as it is read.
  return bytes.includes(undefined) ? piece : fromBytes(Uint8Array.from(bytes as number[]));
}

/** Whether a text is a piece as the vocabulary writes it: nothing else has these signs for space, newline and tab. */
export const looksLikePiece = (text: string): boolean => /[ĠĊĉ▁]/.test(text);

/** The bytes without a printable character of their own; the alphabet gives them those from U+0100 on. */
const HIDDEN = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => byte <= 0x20 || (byte >= 0x7f && byte <= 0xa0) || byte === 0xad,
);

function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0)!;
  return code < 0x100 ? code : HIDDEN[code - 0x100];
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function fromBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    try {
      text += strict.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      text += `<0x${lead.toString(16).toUpperCase().padStart(2, '0')}>`;
      at++;
    }
  }
  return text;
}

/** A token with its text in a sequence, its piece of the vocabulary, or both. */
export interface NamedToken {
  text?: string | undefined;
  piece?: string | null | undefined;
  id?: number | undefined;
}

/** A token on one line: its text, else its piece, else its id. */
export function tokenLabel({ text, piece, id }: NamedToken | undefined = {}, writing: Writing): string {
  if (text) return visible(text);
  if (piece) return visible(pieceText(piece, writing));
  return id === undefined ? '∅' : `#${id}`;
}

/** The beginning of a text in whole tokens, at least one, with a sign where there are more. */
export function firstOf(tokens: readonly string[], limit: number): string {
  const count = fitting(tokens, limit);
  return tokens.slice(0, count).join('') + (count < tokens.length ? '…' : '');
}

/** The end of a text in whole tokens, at least one, with a sign where more stand before. */
export function lastOf(tokens: readonly string[], limit: number): string {
  const left = tokens.length - fitting(tokens.toReversed(), limit);
  return (left > 0 ? '…' : '') + tokens.slice(left).join('');
}

function fitting(tokens: readonly string[], limit: number): number {
  let length = 0;
  const over = tokens.findIndex((text) => (length += text.length) > limit);
  return over < 0 ? tokens.length : Math.max(1, over);
}
