/** Tokens on the page: no vocabulary's own way of writing is left, and what is text stays text. */
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { BYTE_CHARACTERS } from '../../../engine/text/byte-alphabet.ts';
import { firstOf, lastOf, pieceText, tokenLabel, visible, writingOf, looksLikePiece, visibleEnds } from './token-text.ts';

const inAlphabet = (text: string) => Array.from(new TextEncoder().encode(text), (byte) => BYTE_CHARACTERS[byte]).join('');

it('reads back what the byte alphabet wrote, whole characters and halves', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) }), (text) => {
      const wellFormed = text.toWellFormed();
      expect(pieceText(inAlphabet(wellFormed), 'bytes')).toBe(wellFormed);
    }),
  );
  expect(pieceText('ĠnaÃ¯ve', 'bytes')).toBe(' naïve');
  expect(pieceText('Ġâ', 'bytes')).toBe(' <0xE2>');
  expect(pieceText('âĢ', 'bytes')).toBe('<0xE2><0x80>');
  expect(pieceText('<|endoftext|>', 'bytes')).toBe('<|endoftext|>');
  expect(pieceText('<｜begin▁of▁sentence｜>', 'bytes')).toBe('<｜begin▁of▁sentence｜>');
});

it('leaves the letters of a vocabulary of text alone', () => {
  expect(pieceText('▁stół', 'text')).toBe(' stół');
  for (const piece of ['é', 'Ã', 'ğı', 'č', 'Ġ', '<0x0A>']) expect(pieceText(piece, 'text')).toBe(piece);
});

it('shows whitespace by one set of signs, and letters that only look like signs as they are', () => {
  expect(visible(' a\n\tb\u00a0c')).toBe('·a↵⇥b⍽c');
  expect(visible('Ġgantija')).toBe('Ġgantija');
});

it('shows the whitespace that the ends of a name would hide, and no other', () => {
  expect([' and', 'a b', '\n', 'x ', ''].map(visibleEnds)).toEqual(['·and', 'a b', '↵', 'x·', '']);
});

it('names a token by its text, its piece or its id', () => {
  expect(tokenLabel({ text: ' dog', piece: 'Ġdog', id: 3 }, 'bytes')).toBe('·dog');
  expect(tokenLabel({ text: '', piece: 'ĊĊ', id: 3 }, 'bytes')).toBe('↵↵');
  expect(tokenLabel({ id: 3 }, 'bytes')).toBe('#3');
  expect(tokenLabel(undefined, 'text')).toBe('∅');
});

it('knows the writing by the decoder', () => {
  expect(writingOf('ByteLevel')).toBe('bytes');
  expect(writingOf('Sequence(Replace, ByteFallback, Fuse)')).toBe('text');
  expect(writingOf(null)).toBe('text');
});

it('takes for a piece only what is written as one', () => {
  for (const text of ['Ġdog', '▁dog', 'Ċ']) expect(looksLikePiece(text)).toBe(true);
  for (const text of ['dog', ' dog', 'Zażółć', 'naïve', 'layer 0']) expect(looksLikePiece(text)).toBe(false);
});

it.each([
  [['Once', '·upon', '·a'], 20, 'Once·upon·a', 'Once·upon·a'],
  [['Once', '·upon', '·a', '·time'], 9, 'Once·upon…', '…·a·time'],
  [['incomprehensible', '·thing'], 5, 'incomprehensible…', '…·thing'],
  [[], 5, '', ''],
])('%j is cut between tokens, and says so', (tokens, limit, first, last) => {
  expect(firstOf(tokens, limit)).toBe(first);
  expect(lastOf(tokens, limit)).toBe(last);
});
