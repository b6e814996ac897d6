/** What tokenizer_config.json does to a tokenizer, against transformers: tokens at both ends, tokens that tokenizer.json does not know. */
import { describe, expect, it } from 'vitest';
import { readFixture, tinyFile } from './testing/tokenizers.ts';
import { Tokenizer } from './tokenizer.ts';

interface Fixture {
  base: Record<string, unknown>;
  cases: {
    name: string;
    change: Record<string, unknown>;
    config: Record<string, unknown>;
    text: string;
    ids: number[];
    pad: [token: string, id: number] | null;
  }[];
}
const { base, cases } = readFixture<Fixture>('../tokenizer-configs/cases.json');

it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { change, config, text, ids, pad }) => {
  const tokenizer = Tokenizer.fromFiles({ ...base, ...change }, config);
  expect(tokenizer.encode(text).ids).toEqual(ids);
  if (pad) expect(tokenizer.padToken).toEqual({ token: pad[0], id: pad[1] });
  const plain = tokenizer.encode(text, { addSpecialTokens: false }).ids;
  if (text === 'Hi') expect(tokenizer.decode(plain)).toBe('Hi');
});

describe('beyond what transformers says', () => {
  const flags = (config: object) => () => Tokenizer.fromFiles(tinyFile(), { bos_token: '<s>', ...config });

  it('a token that is asked for and has no name is missed', () => {
    expect(flags({ add_eos_token: true })).toThrow('tokenizer_config.add_eos_token: is true, and there is no eos_token.');
    expect(flags({ add_bos_token: 'yes' })).toThrow('tokenizer_config.add_bos_token: must be true or false');
  });

  it('the stage that took the place of the one in the file is told', () => {
    expect(flags({ add_bos_token: true })().describe().postProcessor).toBe('TemplateProcessing');
    expect(flags({})().describe().postProcessor).toBeNull();
  });

  it('truncation cuts on the side that tokenizer.json says, unless the config says another', () => {
    const file = { ...tinyFile(), truncation: { direction: 'Left', max_length: 1, strategy: 'LongestFirst', stride: 0 } };
    const cut = (config: object) => Tokenizer.fromFiles(file, config).encode('abc?', { truncation: true, maxLength: 1 }).tokens;
    expect([cut({}), cut({ truncation_side: 'right' })]).toEqual([['?'], ['abc']]);
  });
});
