/** Every code point through every stage that tells kinds of characters apart, against Hugging Face `tokenizers`, whatever Unicode the browser has. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AlignedText } from '../aligned-text.ts';
import { JsonPart } from '../json-part.ts';
import { createNormalizer } from '../normalizers.ts';
import { createPreTokenizer } from '../pre-tokenizers.ts';
import { readFixture } from '../testing/tokenizers.ts';
import { CodePointSet } from './code-points.ts';
import { asOnigurumaSees } from './oniguruma-text.ts';
import { ADDED } from './rust-tables.ts';

const cases = readFixture<[kind: string, stage: object, blocks: [start: number, hash: string][]][]>('../expressions/code-points.json');

function textFrom(start: number): string {
  const points = Array.from({ length: 4096 }, (_, index) => start + index).filter((point) => point < 0xd800 || point >= 0xe000);
  return points.map((point) => `a${String.fromCodePoint(point)}\u0301\u0323b1${String.fromCodePoint(point)}`).join('');
}

describe.each(cases)('%s %j', (kind, stage, blocks) => {
  it('takes each code point as Rust does', () => {
    const part = new JsonPart('stage', stage);
    const normalize = kind === 'normalizer' ? createNormalizer(part)! : null;
    const cut = normalize ? null : createPreTokenizer(part)!;
    const found = blocks.map(([start]) => {
      const text = AlignedText.of(textFrom(start));
      const result = normalize
        ? normalize(text).text
        : cut!(text)
            .map((piece) => piece.text)
            .join('\u001f');
      return [start, createHash('sha256').update(result).digest('hex').slice(0, 8)];
    });
    expect(found).toEqual(blocks);
  });
});

it('a set has its bounds and what lies between them', () => {
  // 5–7, 10
  const set = new CodePointSet('5 2 3 0');
  const points = Array.from({ length: 13 }, (_, point) => point);
  expect(points.filter((point) => set.has(String.fromCodePoint(point)))).toEqual([5, 6, 7, 10]);
  const expression = new RegExp(`^[${set.source}]`, 'u');
  expect(points.filter((point) => expression.test(String.fromCodePoint(point)))).toEqual([5, 6, 7, 10]);
  expect(set.has('')).toBe(false);
});

it('a text is as long as before, and what is a character for all stays', () => {
  const text = 'aé漢😀\u{2ebf0}\n';
  expect(asOnigurumaSees(text)).toBe(text);
  // Unicode 17 has them: a letter, an emoji.
  expect(asOnigurumaSees('a\u088f b\u{1faea}c')).toMatch(/^a\P{L} b\P{S}c$/u);
  expect(asOnigurumaSees('\u088f\u{1faea}')).toHaveLength(3);
});

it.each(Object.entries(ADDED))('what a browser may not know yet is %s', (category, table) => {
  const characters = Array.from(new CodePointSet(table).points(), (point) => String.fromCodePoint(point));
  expect(asOnigurumaSees(characters.join(''))).toMatch(new RegExp(`^\\p{${category}}+$`, 'u'));
});
