/** Configs as published, with transformers' defaults; and precise words for those that cannot be built. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { ConfigError } from './errors.ts';

const llama = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  vocab_size: 100,
};

describe('defaults', () => {
  test('llama: K/V heads, head dim and the rest follow', () => {
    expect(parseConfig(llama)).toMatchObject({
      architecture: 'llama',
      numKvHeads: 4,
      headDim: 16,
      maxPositionEmbeddings: 2048,
      norm: { kind: 'rms_norm', epsilon: 1e-6 },
      activation: 'silu',
      tieWordEmbeddings: false,
      bias: { qkv: false, output: false, mlp: false },
      layers: Array(3).fill(expect.objectContaining({ rope: expect.objectContaining({ theta: 10000, scaling: { type: 'none' } }) })),
    });
  });

  test('null takes the default too', () =>
    expect(parseConfig({ ...llama, num_key_value_heads: null, head_dim: null, rope_scaling: null }).numKvHeads).toBe(4));

  test('gpt2', () => {
    expect(parseConfig({ model_type: 'gpt2' })).toMatchObject({
      hiddenSize: 768,
      intermediateSize: 3072,
      numLayers: 12,
      numHeads: 12,
      numKvHeads: 12,
      headDim: 64,
      vocabSize: 50257,
      maxPositionEmbeddings: 1024,
      tieWordEmbeddings: true,
      activation: 'gelu_tanh',
    });
    expect(parseConfig({ model_type: 'gpt2' }).layers.every(({ rope }) => rope === null)).toBe(true);
  });

  test('gemma 2: what the published files leave out', () => {
    const { layers, ...config } = parseConfig({ model_type: 'gemma2' });
    expect(config).toMatchObject({
      headDim: 256,
      norm: { kind: 'rms_norm', offset: 1 },
      activation: 'gelu_tanh',
      tieWordEmbeddings: true,
      embeddingScale: Math.sqrt(2304),
      logits: { scale: 1, softCap: 30 },
      postNorms: true,
    });
    expect(layers.slice(0, 2)).toMatchObject([
      { slidingWindow: 4096, softCap: 50, scale: 1 / 16 },
      { slidingWindow: null, softCap: 50 },
    ]);
  });

  test('gemma 3: two bases by kind of layer, one layer of six without a window', () => {
    const { layers, logits } = parseConfig({ model_type: 'gemma3_text' });
    expect(logits.softCap).toBeNull();
    expect(layers.slice(4, 7).map(({ slidingWindow, rope }) => [slidingWindow, rope!.theta])).toEqual([
      [4096, 10_000],
      [null, 1_000_000],
      [4096, 10_000],
    ]);
  });

  test('qwen3 has a head dim of its own', () =>
    expect(parseConfig({ ...llama, model_type: 'qwen3', num_attention_heads: 32 }).headDim).toBe(128));
});

describe('sliding windows', () => {
  const windows = (config: object): (number | null)[] =>
    parseConfig({ ...llama, ...config }).layers.map(({ slidingWindow }) => slidingWindow);
  test.each([
    ['mistral, absent', { model_type: 'mistral', num_key_value_heads: 4 }, [4096, 4096, 4096]],
    ['mistral, null', { model_type: 'mistral', num_key_value_heads: 4, sliding_window: null }, [null, null, null]],
    ['llama has none', { sliding_window: 8 }, [null, null, null]],
    [
      'qwen2, switched off',
      { model_type: 'qwen2', num_key_value_heads: 4, sliding_window: 8, use_sliding_window: false },
      [null, null, null],
    ],
    [
      'qwen2, upper layers',
      { model_type: 'qwen2', num_key_value_heads: 4, sliding_window: 8, use_sliding_window: true, max_window_layers: 1 },
      [null, 8, 8],
    ],
    [
      'qwen2, none below 28',
      { model_type: 'qwen2', num_key_value_heads: 4, sliding_window: 8, use_sliding_window: true },
      [null, null, null],
    ],
    [
      'layer_types decide',
      {
        model_type: 'qwen3',
        num_key_value_heads: 4,
        sliding_window: 8,
        use_sliding_window: true,
        layer_types: ['sliding_attention', 'full_attention', 'sliding_attention'],
      },
      [8, null, 8],
    ],
  ])('%s', (_, config, expected) => expect(windows(config)).toEqual(expected));
});

describe('rotary positions', () => {
  const rope = (config: object) => parseConfig({ ...llama, ...config }).layers[0]!.rope!;
  test('frequencies', () => {
    const { inverseFrequencies } = rope({});
    expect(inverseFrequencies).toHaveLength(8);
    expect(inverseFrequencies[0]).toBe(1);
    expect(inverseFrequencies[4]).toBeCloseTo(0.01, 12);
  });
  test('rope_parameters of transformers 5', () =>
    expect(rope({ rope_parameters: { rope_theta: 5e5, rope_type: 'linear', factor: 2 } })).toMatchObject({
      theta: 5e5,
      scaling: { type: 'linear', factor: 2 },
    }));
  test('linear divides', () => expect(rope({ rope_scaling: { type: 'linear', factor: 4 } }).inverseFrequencies[0]).toBe(0.25));
  test('llama3 keeps fast pairs and stretches slow ones', () => {
    const scaling = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 };
    const [plain, scaled] = [rope({}).inverseFrequencies, rope({ rope_scaling: scaling }).inverseFrequencies];
    expect(scaled[0]).toBe(plain[0]);
    expect(scaled.at(-1)).toBe(plain.at(-1)! / 8);
  });
});

describe('what cannot be built', () => {
  test.each<[string, object, string]>([
    ['another architecture', { model_type: 'mamba' }, 'model_type'],
    ['no architecture', { model_type: undefined }, 'model_type'],
    ['yarn', { rope_scaling: { rope_type: 'yarn', factor: 2 } }, 'rope_scaling.rope_type'],
    ['dynamic, in the new spelling', { rope_parameters: { rope_type: 'dynamic' } }, 'rope_parameters.rope_type'],
    ['partial rotation', { partial_rotary_factor: 0.5 }, 'partial_rotary_factor'],
    ['more than the head turning', { model_type: 'gpt_neox', rotary_pct: 1.5 }, 'rotary_pct'],
    ['an odd part of the head turning', { model_type: 'gpt_neox', rotary_pct: 0.2 }, 'rotary_pct'],
    [
      'none of it turning',
      { model_type: 'gpt_neox', rope_parameters: { partial_rotary_factor: 0.1 } },
      'rope_parameters.partial_rotary_factor',
    ],
    ['an activation', { hidden_act: 'mish' }, 'hidden_act'],
    ['a name every object has', { hidden_act: 'constructor' }, 'hidden_act'],
    ['a size of the wrong type', { hidden_size: '64' }, 'hidden_size'],
    ['no layers', { num_hidden_layers: 0 }, 'num_hidden_layers'],
    ['more layers than any model has', { num_hidden_layers: 1e9 }, 'num_hidden_layers'],
    ['more layers, by the other name', { model_type: 'gpt2', num_hidden_layers: undefined, n_layer: 1e7 }, 'n_layer'],
    ['a size beyond whole numbers', { vocab_size: 1e300 }, 'vocab_size'],
    ['a head of more components than can be', { head_dim: 1e8 }, 'head_dim'],
    ['such a head, by its default', { hidden_size: 4e8 }, 'head_dim'],
    ['more positions than there are tables for', { max_position_embeddings: 2e9 }, 'max_position_embeddings'],
    ['K/V heads that do not divide', { num_key_value_heads: 3 }, 'num_key_value_heads'],
    ['gemma, seeing both ways', { model_type: 'gemma2', use_bidirectional_attention: true }, 'use_bidirectional_attention'],
    ['gemma, an activation by two names', { model_type: 'gemma', hidden_activation: 'relu' }, 'hidden_activation'],
    ['gemma 2, windows of no length', { model_type: 'gemma2', sliding_window: null }, 'sliding_window'],
    ['gemma 2, a soft cap of nothing', { model_type: 'gemma2', final_logit_softcapping: 0 }, 'final_logit_softcapping'],
    ['gemma 3, soft caps that nobody computes', { model_type: 'gemma3_text', attn_logit_softcapping: 50 }, 'attn_logit_softcapping'],
    [
      'gemma 3, rotary parameters for all layers',
      { model_type: 'gemma3_text', rope_parameters: { rope_theta: 9 } },
      'rope_parameters.rope_theta',
    ],
    [
      'gemma 3, two scalings',
      { model_type: 'gemma3_text', rope_parameters: { full_attention: { rope_theta: 9 } }, rope_scaling: { type: 'linear', factor: 2 } },
      'rope_scaling',
    ],
    ['the picture models of gemma 3', { model_type: 'gemma3' }, 'model_type'],
    ['granite, nothing added to the stream', { model_type: 'granite', residual_multiplier: 0 }, 'residual_multiplier'],
    ['quantised weights', { quantization_config: { bits: 4 } }, 'quantization_config'],
    ['rope_scaling that is no object', { rope_scaling: 'linear' }, 'rope_scaling'],
  ])('%s', (_, config, field) => {
    const parse = () => parseConfig({ ...llama, ...config });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(new RegExp(`^config\\.json: ${field.replaceAll('.', '\\.')} is .*; supported: .+\\.$`));
  });
});
