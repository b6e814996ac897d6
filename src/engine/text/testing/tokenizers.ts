/** The fixtures' tokenizers, for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { Tokenizer } from '../tokenizer.ts';

const root = new URL('../../../../fixtures/tokenizers/', import.meta.url);
const defaultModel = new URL('../../../../public/models/default/', import.meta.url);

export const families = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** A file of fixtures/tokenizers. */
export const readFixture = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, root), 'utf8')) as T;

export const fixtureTokenizer = (family: string): Tokenizer =>
  Tokenizer.fromFiles(readFixture(`${family}/tokenizer.json`), readFixture(`${family}/tokenizer_config.json`));

export function defaultTokenizer(): Tokenizer {
  const read = (file: string) => JSON.parse(readFileSync(new URL(file, defaultModel), 'utf8')) as unknown;
  return Tokenizer.fromFiles(read('tokenizer.json'), read('tokenizer_config.json'));
}

/** All of them, with the default model's. */
export const allTokenizers: readonly (readonly [name: string, tokenizer: Tokenizer])[] = [
  ...families.map((family) => [family, fixtureTokenizer(family)] as const),
  ['default', defaultTokenizer()],
];

/** A tiny file to break or to change: BPE over the letters a, b and c, with the merges ab and abc. */
export const tinyFile = () => ({
  version: '1.0',
  added_tokens: [{ id: 6, content: '<s>', special: true, normalized: false }],
  normalizer: null as unknown,
  pre_tokenizer: null as unknown,
  post_processor: null as unknown,
  decoder: { type: 'Fuse' } as unknown,
  model: {
    type: 'BPE',
    vocab: { a: 0, b: 1, c: 2, ab: 3, abc: 4, '?': 5 } as Record<string, unknown>,
    merges: [
      ['a', 'b'],
      ['ab', 'c'],
    ] as unknown,
    unk_token: '?',
  } as Record<string, unknown>,
});
