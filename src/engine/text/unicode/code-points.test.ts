/** Every code point through every stage that tells kinds of characters apart, against Hugging Face `tokenizers`, whatever Unicode the browser has. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AlignedText } from '../aligned-text.ts';
import { JsonPart } from '../json-part.ts';
import { createNormalizer } from '../normalizers.ts';
import { createPreTokenizer } from '../pre-tokenizers.ts';
import { readFixture } from '../testing/tokenizers.ts';
import { CodePointSet } from './code-points.ts';

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
