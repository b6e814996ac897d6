/** A model whose embedding has more rows than its tokenizer has tokens, and gives their ids: text as in transformers, which leaves them out. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { Output, StreamEvent } from '../../contract/index.ts';
import { type ParsedInput, routes } from '../../contract/index.ts';
import { lru } from '../../patchable/memory/index.ts';
import { fcfs } from '../../patchable/scheduler/index.ts';
import { TINY_CONFIG } from '../../platform/reference/random-weights.ts';
import { ReferenceRunner } from '../../platform/reference/reference-runner.ts';
import { newContext, validateInput } from '../../transport/dispatch.ts';
import { EngineHost } from '../engine-host.ts';
import { TokenizerService } from '../tokenizer/index.ts';
import { ModelService } from './index.ts';
import type { ModelPlatform } from '../../ports/model-platform.ts';

const json = (file: string) => JSON.parse(readFileSync(`public/models/default/${file}`, 'utf8')) as Record<string, unknown>;
const TOKENS = Number(json('config.json')['vocab_size']);
const config = { ...TINY_CONFIG, vocabSize: TOKENS + 8, maxPositionEmbeddings: 64 };
/** Every other token is one that the tokenizer has not. */
const drawn = (position: number) => (position % 2 === 0 ? TOKENS + (position % 8) : 100 + position);

const platform: ModelPlatform = {
  threads: 1,
  providers: async () => [],
  loadFolder: async () => ({
    id: 'padded',
    source: 'test',
    config: {
      ...json('config.json'),
      vocab_size: config.vocabSize,
      hidden_size: config.hiddenSize,
      intermediate_size: config.intermediateSize,
      num_hidden_layers: config.numLayers,
      num_attention_heads: config.numHeads,
      num_key_value_heads: config.numKvHeads,
      head_dim: config.headDim,
      max_position_embeddings: 64,
    },
    generationConfig: null,
    tokenizerJson: json('tokenizer.json'),
    tokenizerConfig: json('tokenizer_config.json'),
    tensors: new Map(),
    hash: 'random',
    bytes: 0,
    fromCache: false,
  }),
  createRunner: async () => ({
    runner: new ReferenceRunner({ config, numBlocks: 16, blockSize: 16 }),
    provider: 'wasm',
    computeDtype: 'float32',
  }),
  openRunner: () => Promise.reject(new Error('No other runner is opened here.')),
  openOpaque: () => Promise.reject(new Error('No other runner is opened here.')),
};
const host = new EngineHost(() => ({ policy: fcfs, eviction: lru, sample: (_, { tokenIds }) => drawn(tokenIds.length) }));
const tokenizer = new TokenizerService();
const model = new ModelService(platform, host, tokenizer);
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

beforeAll(async () => {
  await model.swapWeights(
    { source: { kind: 'bundled', id: 'default' }, execution_provider: 'auto', compute_dtype: 'auto', cache: false, stream: false },
    context(),
  );
});

it('whole, as a stream and detokenized, such ids are empty text', async () => {
  const result = (await model.generate(input({}), context())) as Output<'model', 'generate'>;
  const { token_ids, text, logprobs } = result.choices[0]!;
  expect(token_ids).toEqual(Array.from({ length: 9 }, (_, i) => drawn(2 + i)));
  const known = token_ids.filter((id) => id < TOKENS);
  expect(text).toBe(tokenizer.tokenizer.decode(known));
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
