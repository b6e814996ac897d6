/** Fragments are checked when the graph is built: a wrong one must fail with its name and layer, before any runtime sees it. */
import { describe, expect, test } from 'vitest';
import {
  buildModelGraph,
  expectedTensors,
  GraphError,
  hookPoints,
  type ModelFragments,
  parseConfig,
  weightPlaceholders,
} from '../../engine/graph/index.ts';
import { builtinFragments, standInForModel } from './index.ts';

const config = parseConfig({
  model_type: 'llama',
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 10,
});
const fragments = builtinFragments('wasm');
const build = (change: Partial<ModelFragments>, captures: string[] = []) =>
  buildModelGraph(config, weightPlaceholders(expectedTensors(config)), {
    fragments: { ...fragments, ...change },
    kv: { kind: 'contiguous' },
    captures,
  });

test('inputs and outputs', () => {
  const { inputs, outputs } = build({}, ['attentions.1', 'layers.0.k']);
  expect(inputs.map(({ name }) => name).slice(0, 6)).toEqual([
    'input_ids',
    'logit_rows',
    'positions',
    'past_lengths',
    'total_lengths',
    'max_total_length',
  ]);
  expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ['logits', ['N', 10]],
    ['new_kv', ['B * T', 32]],
    ['attentions.1', ['B', 4, 'T', 'P + T']],
    ['layers.0.k', ['B', 'T', 2, 4]],
  ]);
});

test('every hook point can be captured', () => {
  const names = hookPoints(config).map(({ name }) => name);
  expect(names).toHaveLength(3 + 2 + 2 * 6);
  expect(build({}, names).outputs).toHaveLength(2 + names.length);
});

test('the paged form takes the pool and the tables', () => {
  const { inputs } = buildModelGraph(config, weightPlaceholders(expectedTensors(config)), {
    fragments,
    kv: { kind: 'paged', blockSize: 16 },
  });
  expect(inputs.slice(-2).map(({ name, shape }) => [name, shape])).toEqual([
    ['kv_pool', ['R', 8]],
    ['block_tables', ['B', 'n']],
  ]);
});

describe('wrong fragments', () => {
  test.each<[string, Partial<ModelFragments>, RegExp]>([
    [
      'attention of the wrong width',
      { attention: (g, { q }) => g.reshape(q, ['B', 'T', 2, 8]) },
      /^attention fragment in layers\.0: expected float32 \[B, T, 16\], got float32 \[B, T, 2, 8\]\.$/,
    ],
    ['an operation inside', { attention: (g, { q, pastK }) => g.matmul(q, pastK) }, /^matmul in layers\.0\/attention: /],
    [
      'mlp of the wrong size',
      { mlp: (g, { x, up }) => g.linear(x, up) },
      /^mlp fragment in layers\.0: expected float32 \[B \* T, 16\], got float32 \[B \* T, 24\]\.$/,
    ],
    ['norm of another dtype', { norm: (g, { x }) => g.cast(x, 'float16') }, /^norm fragment in layers\.0: expected float32/],
    ['position without k', { position: (_, { q }) => ({ q }) as never }, /^position \(k\) fragment in layers\.0: .* got undefined\.$/],
    ['nothing at all', { mlp: () => undefined as never }, /^mlp fragment in layers\.0: .* got undefined\.$/],
  ])('%s', (_, change, message) => {
    expect(() => build(change)).toThrow(GraphError);
    expect(() => build(change)).toThrow(message);
  });

  test('an attention map that the fragment does not give', () => {
    expect(() => build({ attention: (g, { q }) => g.reshape(q, ['B', 'T', 16]) }, ['attentions.0'])).toThrow(
      /capture asks for the attention map/,
    );
  });
  test('an unknown capture', () => expect(() => build({}, ['attentions.2'])).toThrow(/hook point.*attentions\.2/));
});

test('a model with soft caps takes no fused attention on WebGPU, and a reason is given', () => {
  expect(standInForModel(config)).toBeNull();
  const capped = parseConfig({ model_type: 'gemma2', hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4, vocab_size: 10 });
  expect(standInForModel(capped)).toEqual({ kernel: 'grouped', reason: expect.stringContaining('WebGPU') });
});
