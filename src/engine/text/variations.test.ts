/** Variations of tokenizer.json, named and drawn, against Hugging Face `tokenizers`: the same, or refused by the name of the part. */
import { describe, expect, it } from 'vitest';
import { StreamDecoder } from './stream-decoder.ts';
import { Tokenizer, TokenizerError } from './tokenizer.ts';
import { readFixture } from './testing/tokenizers.ts';

interface Encoded {
  text: string;
  ids: number[];
  /** Null where Rust's lie outside the text. */
  offsets: [number, number][] | null;
  plain_ids: number[];
  /** Null where Rust fails. */
  decoded: string | null;
  decoded_skip_special: string | null;
}
interface Case {
  name: string;
  tokenizer: unknown;
  /** Where Rust refuses the file. */
  error?: string;
  encodings?: (Encoded | { text: string; error: string })[];
}

const cases = readFixture<Case[]>('../variations/cases.json');
/** What Rust loads and is refused here, each with the part that is named. */
const REFUSED: Record<string, string> = {
  'bpe, dropout 1': 'model.dropout',
  'bpe, two tokens of one id': 'model.vocab["ab"]',
  'a template that lacks its token': 'post_processor.single[0].SpecialToken.id',
  'two templates': 'post_processor.processors[1]',
  'an empty pattern': 'normalizer.pattern.String',
  'a pattern that matches nothing': 'normalizer.pattern',
  'an inline flag': 'normalizer.pattern.Regex',
  'unicode scripts': 'pre_tokenizer.type',
};

it.each(Object.entries(REFUSED))('%s is refused: %s', (name, part) => {
  const { tokenizer } = cases.find((one) => one.name === name)!;
  expect(() => Tokenizer.fromFiles(tokenizer)).toThrow(expect.objectContaining({ name: 'TokenizerError', part }));
});

const compared = cases.filter(({ name, error }) => error === undefined && !(name in REFUSED));
describe.each(compared.map((one) => [one.name, one] as const))('%s', (_, one) => {
  it('is read as Rust reads it', () => {
    const tokenizer = Tokenizer.fromFiles(one.tokenizer);
    for (const expected of one.encodings!) {
      if ('error' in expected) {
        expect(() => tokenizer.encode(expected.text)).toThrow(TokenizerError);
        continue;
      }
      const { ids, offsets } = tokenizer.encode(expected.text);
      const stream = new StreamDecoder(tokenizer);
      const actual: Encoded = {
        text: expected.text,
        ids,
        offsets: expected.offsets && offsets,
        plain_ids: tokenizer.encode(expected.text, { addSpecialTokens: false }).ids,
        decoded: expected.decoded === null ? null : tokenizer.decode(expected.ids),
        decoded_skip_special: expected.decoded_skip_special === null ? null : tokenizer.decode(expected.ids, { skipSpecialTokens: true }),
      };
      expect(actual).toEqual(expected);
      if (expected.decoded !== null) expect(expected.ids.map((id) => stream.push(id)).join('') + stream.flush()).toBe(expected.decoded);
    }
  });
});
