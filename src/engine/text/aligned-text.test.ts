import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlignedText, Rewrite } from './aligned-text.ts';
import { precompiledNormalizer } from './precompiled-charsmap.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { toUnicodeForm, type UnicodeForm } from './unicode-form.ts';

const rangesOf = (text: AlignedText): string[] =>
  Array.from({ length: text.length }, (_, unit) => `${text.start(unit)}-${text.end(unit + 1)}`);

describe('AlignedText', () => {
  it('a prefix belongs to the first character, also to a pair', () => {
    expect(rangesOf(AlignedText.of('😀b').prepend('▁'))).toEqual(['0-2', '0-2', '0-2', '2-3']);
    expect(AlignedText.of('').prepend('▁').text).toBe('');
  });

  it('a rewrite gives new characters to the one before, and a merged one the place of the first', () => {
    const rewrite = new Rewrite(AlignedText.of('a😀bcd'));
    rewrite.put('A', 0);
    rewrite.put('+', 1);
    rewrite.put('E', -1);
    rewrite.put('!', 1);
    rewrite.keepTo(6);
    const result = rewrite.done();
    expect(result.text).toBe('A+E!cd');
    expect(rangesOf(result)).toEqual(['0-1', '0-1', '1-3', '3-4', '4-5', '5-6']);
  });

  it('a rewrite that changes nothing is the source', () => {
    const source = AlignedText.of('a😀');
    const rewrite = new Rewrite(source);
    rewrite.put('a', 0);
    rewrite.put('😀', 0);
    expect(rewrite.done()).toBe(source);
  });
});

describe('unicode forms', () => {
  const marks = fc.constantFrom('\u0301', '\u0323', '\u0345', '\u0334', '\u05b4', '\u3099', '\u1161', '\u11a8', '\u093c', '\u0f71');
  const letters = fc.constantFrom(
    'a',
    'e',
    'q',
    'é',
    'ậ',
    'ﬁ',
    '½',
    'が',
    'ﾊ',
    'ﾟ',
    '각',
    '\u1100',
    '가',
    'Å',
    'ᾳ',
    '世',
    '😀',
    ' ',
    '\u0958',
    '\u0344',
  );
  const text = fc
    .array(fc.oneof({ weight: 2, arbitrary: fc.oneof(marks, letters) }, fc.string({ unit: 'binary', maxLength: 3 })))
    .map((parts) => parts.join('').toWellFormed());

  it.each(['NFC', 'NFD', 'NFKC', 'NFKD'] as const)('%s gives the text of String.normalize, aligned in order', (form: UnicodeForm) => {
    fc.assert(
      fc.property(text, (source) => {
        const result = toUnicodeForm(AlignedText.of(source), form);
        expect(result.text).toBe(source.normalize(form));
        for (let unit = 0; unit < result.length; unit++) {
          expect(result.start(unit)).toBeGreaterThanOrEqual(unit === 0 ? 0 : result.start(unit - 1));
          expect(result.end(unit + 1)).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('precompiled charsmap', () => {
  const map = compile({ ﬁ: 'fi', ｶ: 'カ', 'e\u0301': 'é', '\r\n': ' ', '\u200b': '', '😀': ':-)', a: 'x' });

  it.each([
    ['ﬁn', 'fin', ['0-1', '0-1', '1-2']],
    ['ｶﾞ', 'カﾞ', ['0-1', '1-2']],
    ['e\u0301\r\nz', 'é z', ['0-1', '2-3', '4-5']],
    ['b\u200bc', 'bc', ['0-1', '2-3']],
    ['😀c', ':-)c', ['0-2', '0-2', '0-2', '2-3']],
    ['Zürich', 'Zürich', ['0-1', '1-2', '2-3', '3-4', '4-5', '5-6']],
  ])('%j', (text, expected, ranges) => {
    const result = precompiledNormalizer(map, 'normalizer')(AlignedText.of(text));
    expect(result.text).toBe(expected);
    expect(rangesOf(result)).toEqual(ranges);
  });

  it('refuses what is no charsmap', () => {
    expect(() => precompiledNormalizer('***', 'normalizer')).toThrow(TokenizerError);
    expect(() => precompiledNormalizer('//////8=', 'normalizer')).toThrow(/its trie has 4294967295 bytes, and has 5/);
  });
});

/** Compiles rules to SentencePiece's format: a double array over UTF-8, built the slow way. */
function compile(rules: Record<string, string>): string {
  const utf8 = new TextEncoder();
  type Node = Map<number, Node | number>;
  const root: Node = new Map();
  const replacements: number[] = [];
  for (const [from, to] of Object.entries(rules)) {
    let node = root;
    for (const byte of utf8.encode(from)) {
      if (!node.has(byte)) node.set(byte, new Map());
      node = node.get(byte) as Node;
    }
    node.set(0, replacements.length);
    replacements.push(...utf8.encode(to), 0);
  }
  const units = new Map<number, number>([[0, 0]]);
  const bases = new Set<number>();
  const place = (node: Node, position: number, label: number) => {
    const labels = [...node.keys()];
    let base = 1;
    while (bases.has(base) || labels.some((child) => units.has(base ^ child))) base++;
    bases.add(base);
    for (const child of labels) units.set(base ^ child, 0);
    units.set(position, ((position ^ base) << 10) | (node.has(0) ? 0x100 : 0) | label);
    for (const [child, value] of node) {
      if (typeof value === 'number') units.set(base, value | 0x8000_0000);
      else place(value, base ^ child, child);
    }
  };
  place(root, 0, 0);
  const size = Math.max(...units.keys()) + 256;
  const bytes = new Uint8Array(4 + size * 4 + replacements.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size * 4, true);
  for (const [position, unit] of units) view.setUint32(4 + position * 4, unit >>> 0, true);
  bytes.set(replacements, 4 + size * 4);
  return btoa(String.fromCharCode(...bytes));
}
