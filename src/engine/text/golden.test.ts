/** Compares with Hugging Face `tokenizers` and `transformers`, whose answers lie in fixtures/tokenizers. */
import { describe, expect, it } from 'vitest';
import { families, fixtureTokenizer, readFixture } from './testing/tokenizers.ts';
import { type ChatMessage, type EncodeOptions, type Encoding, Tokenizer, TokenizerError } from './tokenizer.ts';

interface Row {
  ids: number[];
  attention_mask: number[];
  tokens: string[];
  offsets: [number, number][];
  decoded: string;
  decoded_skip_special: string;
}
interface Options {
  add_special_tokens: boolean;
  padding: false | 'longest' | 'max_length';
  padding_side: 'left' | 'right';
  truncation: boolean;
  max_length: number | null;
}
type Columns = { [K in keyof Row]: Row[K][] };
type Single = Row & { description: string; text: string; options: Options };
type Batch = Columns & { description: string; texts: string[]; options: Options };
type Decoded = Pick<Row, 'ids' | 'decoded' | 'decoded_skip_special'>;
type ChatCase = {
  description: string;
  template: string;
  messages: ChatMessage[];
  tools?: Record<string, unknown>[];
  variables?: Record<string, unknown>;
  add_generation_prompt: boolean;
  text?: string;
  error?: string;
};

const optionsOf = (options: Options): EncodeOptions => ({
  addSpecialTokens: options.add_special_tokens,
  padding: options.padding === false ? 'none' : options.padding,
  paddingSide: options.padding_side,
  truncation: options.truncation,
  maxLength: options.max_length ?? undefined,
});

const named = <T extends { description: string; options: Options }>(cases: T[]) =>
  cases.map((one) => [`${one.description} ${JSON.stringify(one.options)}`, one] as const);

describe.each(families)('%s', (family) => {
  const tokenizer = fixtureTokenizer(family);
  const rowOf = ({ ids, attentionMask, tokens, offsets }: Encoding): Row => ({
    ids,
    attention_mask: attentionMask,
    tokens,
    offsets,
    decoded: tokenizer.decode(ids),
    decoded_skip_special: tokenizer.decode(ids, { skipSpecialTokens: true }),
  });
  const cases = readFixture<(Single | Batch)[]>(`${family}/expected.json`);

  it.each(named(cases.filter((one): one is Single => 'text' in one)))(
    '%s',
    (_, { text, options, ids, attention_mask, tokens, offsets, decoded, decoded_skip_special }) => {
      const row = rowOf(tokenizer.encode(text, optionsOf(options)));
      expect(row).toEqual({ ids, attention_mask, tokens, offsets, decoded, decoded_skip_special });
    },
  );

  it.each(named(cases.filter((one): one is Batch => 'texts' in one)))(
    '%s',
    (_, { texts, options, ids, attention_mask, tokens, offsets, decoded, decoded_skip_special }) => {
      const rows = tokenizer.encodeBatch(texts, optionsOf(options)).map(rowOf);
      const columns = Object.fromEntries(Object.keys(rows[0]!).map((key) => [key, rows.map((row) => row[key as keyof Row])]));
      expect(columns).toEqual({ ids, attention_mask, tokens, offsets, decoded, decoded_skip_special });
    },
  );

  it.each(readFixture<Decoded[]>(`${family}/decode.json`))('decodes $ids', ({ ids, decoded, decoded_skip_special }) => {
    expect(tokenizer.decode(ids)).toBe(decoded);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(decoded_skip_special);
  });
});

describe('chat templates', () => {
  const { templates, cases } = readFixture<{
    templates: Record<string, { template: string; bos_token: string | null; eos_token: string | null }>;
    cases: ChatCase[];
  }>('chat_expected.json');
  const file = readFixture('bytelevel-bpe/tokenizer.json');
  const render = ({ template: name, messages, tools, variables, add_generation_prompt }: ChatCase) => {
    const { template, ...roles } = templates[name]!;
    const tokenizer = Tokenizer.fromFiles(file, { ...roles, chat_template: template });
    return tokenizer.applyChatTemplate(messages, { addGenerationPrompt: add_generation_prompt, tools, variables });
  };

  it.each(cases.filter(({ error }) => error === undefined))('$description, generation prompt $add_generation_prompt', (one) => {
    expect(render(one)).toBe(one.text);
  });

  it.each(cases.filter(({ error }) => error !== undefined))('$description is refused', (one) => {
    expect(() => render(one)).toThrow(TokenizerError);
    expect(() => render(one)).toThrow(one.error);
  });
});
