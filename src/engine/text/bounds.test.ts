/** A tokenizer.json that would take all memory or time is refused with the part that would, at the latest when a text comes. */
import { expect, test } from 'vitest';
import { Tokenizer } from './tokenizer.ts';

const base = { model: { type: 'WordPiece', vocab: { '[UNK]': 0, a: 1 }, unk_token: '[UNK]' } };
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const replacing = { type: 'Replace', pattern: { String: 'a' }, content: 'aaaa' };
const special = { id: 's', ids: many(1000, 0), tokens: many(1000, '[UNK]') };
const template = (single: unknown[]) => ({ type: 'TemplateProcessing', single, pair: [], special_tokens: { s: special } });

test.each([
  ['growth of growth', { normalizer: { type: 'Sequence', normalizers: many(30, replacing) } }, 'normalizer'],
  ['bytes of bytes', { normalizer: { type: 'Sequence', normalizers: many(40, { type: 'ByteLevel' }) } }, 'normalizer'],
  [
    'a hundred thousand steps',
    { normalizer: { type: 'Sequence', normalizers: many(100_000, { type: 'Prepend', prepend: 'a' }) } },
    'normalizer.normalizers',
  ],
  [
    'a million special tokens',
    { post_processor: template(many(100_000, { SpecialToken: { id: 's', type_id: 0 } })) },
    'post_processor.single',
  ],
  [
    'texts of texts',
    { post_processor: { type: 'Sequence', processors: many(30, template(many(2, { Sequence: { id: 'A', type_id: 0 } }))) } },
    'post_processor',
  ],
  ['an added token as long as a text', { added_tokens: [{ id: 9, content: 'a'.repeat(100_000) }] }, 'added_tokens'],
  ['words without an end', { model: { ...base.model, max_input_chars_per_word: 1e9 } }, 'model.max_input_chars_per_word'],
  [
    'ways without an end',
    { pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false } },
    'pre_tokenizer',
  ],
])('%s', (_, parts, part) => {
  const encode = () => Tokenizer.fromFiles({ ...base, ...parts }, {}).encode('é a');
  expect(encode).toThrow(expect.objectContaining({ name: 'TokenizerError', part: expect.stringContaining(part) }));
});

test('what is said of a file repeats so much of it as a person reads', () => {
  const refusalOf = (parts: object) => {
    try {
      Tokenizer.fromFiles({ ...base, ...parts }, {});
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  };
  const long = 'ü'.repeat(100_000);
  for (const parts of [
    { pre_tokenizer: { type: 'Split', pattern: { Regex: `${long}(a+)+$` }, behavior: 'Isolated' } },
    { pre_tokenizer: { type: long } },
    { model: { ...base.model, vocab: { [long]: 'x' } } },
    { pre_tokenizer: { type: 'Metaspace', replacement: long } },
  ]) {
    expect(refusalOf(parts)).toMatch(/… \(cut: \d+ more characters\)/);
    expect(refusalOf(parts)!.length).toBeLessThan(3000);
  }
  // What is wrong is not cut off by what is long.
  expect(refusalOf({ pre_tokenizer: { type: 'Split', pattern: { Regex: `${long}(a+)+$` }, behavior: 'Isolated' } })).toContain('"(a+)+"');
});
