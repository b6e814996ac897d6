/** The ids that end a text are ids: anything else would let every text run on without a word. */
import { describe, expect, test } from 'vitest';
import { eosTokenIds } from './eos-token-ids.ts';

describe('as the files give them', () => {
  test.each<[string, Record<string, unknown> | null, Record<string, unknown>, number[]]>([
    ["one of the config's", null, { eos_token_id: 2 }, [2]],
    ['several', { eos_token_id: [2, 0] }, {}, [2, 0]],
    ["the generation config's first", { eos_token_id: 7 }, { eos_token_id: 2 }, [7]],
    ['null there', { eos_token_id: null }, { eos_token_id: 2 }, [2]],
    ['none', {}, {}, []],
    ['null everywhere', { eos_token_id: null }, { eos_token_id: null }, []],
  ])('%s', (_, generationConfig, config, ids) => expect(eosTokenIds({ generationConfig, config })).toEqual(ids));
});

describe('what is no id is refused by its file', () => {
  test.each([['0'], [-1], [2.5], [true], [{}], [[2, '0']], [Number.NaN]])('%j', (id) => {
    expect(() => eosTokenIds({ generationConfig: { eos_token_id: id }, config: {} })).toThrow(
      /^generation_config\.json: eos_token_id holds /,
    );
    expect(() => eosTokenIds({ generationConfig: null, config: { eos_token_id: id } })).toThrow(/^config\.json: eos_token_id holds /);
  });
});
