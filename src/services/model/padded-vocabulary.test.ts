/** A model whose embedding has more rows than its tokenizer has tokens, and gives their ids: text as in transformers, which leaves them out. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { Output, StreamEvent } from '../../contract/index.ts';
import { type ParsedInput, routes } from '../../contract/index.ts';
import { newContext, validateInput } from '../../transport/dispatch.ts';
import { referencePlatform } from '../../testing/model-platforms.ts';
import { openWorkbench } from '../../testing/workbench.ts';

const json = (file: string) => JSON.parse(readFileSync(`public/models/default/${file}`, 'utf8')) as Record<string, unknown>;
const TOKENS = Number(json('config.json')['vocab_size']);
/** Every other token is one that the tokenizer has not. */
const drawn = (position: number) => (position % 2 === 0 ? TOKENS + (position % 8) : 100 + position);

const { active, services, load } = openWorkbench(
  { models: referencePlatform({ vocabSize: TOKENS + 8, maxPositionEmbeddings: 64, numBlocks: 16 }) },
  { engine: { sample: (_, { tokenIds }) => drawn(tokenIds.length) } },
);
const { model, tokenizer } = services;
const context = () => newContext('direct', 'test');
const input = (extra: object) =>
  validateInput(
    routes.find(({ service, operation }) => service === 'model' && operation === 'generate')!,
    {
      input_ids: [5, 6],
      max_new_tokens: 9,
      ignore_eos: true,
      logprobs: 2,
      ...extra,
    },
  ) as ParsedInput<'model', 'generate'>;

beforeAll(load);

it('whole, as a stream and detokenized, such ids are empty text', async () => {
  const result = (await model.generate(input({}), context())) as Output<'model', 'generate'>;
  const { token_ids, text, logprobs } = result.choices[0]!;
  expect(token_ids).toEqual(Array.from({ length: 9 }, (_, i) => drawn(2 + i)));
  const known = token_ids.filter((id) => id < TOKENS);
  expect(text).toBe(active.text.tokenizer.decode(known));
  expect(text).not.toBe('');
  expect(logprobs!.map(({ token }) => token === '')).toEqual(token_ids.map((id) => id >= TOKENS));
  expect(tokenizer.detokenize({ input_ids: token_ids, skip_special_tokens: false, clean_up_tokenization_spaces: false }).text).toBe(text);

  const texts: string[] = [];
  for await (const event of model.generate(input({ stream: true }), context()) as AsyncIterable<StreamEvent<'model', 'generate'>>)
    if (event.event === 'token') texts.push(event.data.text);
  expect(texts.join('')).toBe(text);
});

it('they can be computed on, and ids beyond the embedding cannot', async () => {
  const { usage } = (await model.generate(input({ input_ids: [TOKENS + 7], max_new_tokens: 1 }), context())) as Output<'model', 'generate'>;
  expect(usage.prompt_tokens).toBe(1);
  expect(() => model.generate(input({ input_ids: [TOKENS + 8], max_new_tokens: 1 }), context())).toThrow(
    expect.objectContaining({ code: 'token_out_of_range' }),
  );
});
