/** GPT-2: LayerNorm, learned positions, one fused projection for q, k and v, weights stored [in, out]. */
import { type Architecture, norm, type Parameter } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import type { ModelConfig } from './config.ts';
import type { LayerContext } from './layer-context.ts';
import { modelConfig } from './model-config.ts';
import type { Value } from './value.ts';

export const gpt2: Architecture = {
  name: 'gpt2',
  modelTypes: ['gpt2'],
  causalClasses: ['GPT2LMHeadModel'],
  names: {
    prefix: 'transformer.',
    embedding: 'transformer.wte.weight',
    head: 'lm_head.weight',
    positions: 'transformer.wpe.weight',
    finalNorm: 'transformer.ln_f',
    layer: (index) => `transformer.h.${index}`,
  },
  parse,
  layerTensors,
  emitLayer,
};

/** The names that transformers takes for its own. */
const ALIASES = {
  hidden_size: 'n_embd',
  max_position_embeddings: 'n_positions',
  num_attention_heads: 'n_head',
  num_hidden_layers: 'n_layer',
};

function parse(raw: ConfigFields, modelType: string): ModelConfig {
  const fields = raw.renamed(ALIASES);
  fields.only('add_cross_attention', false);
  const hiddenSize = fields.size('n_embd', 768);
  const numLayers = fields.size('n_layer', 12, MOST.layers);
  const numHeads = fields.size('n_head', 12);
  if (hiddenSize % numHeads !== 0) fields.fail('n_head', `a divisor of n_embd (${hiddenSize})`);
  const headDim = hiddenSize / numHeads;
  const scale = fields.boolean('scale_attn_weights', true) ? headDim ** -0.5 : 1;
  const byLayer = fields.boolean('scale_attn_by_inverse_layer_idx', false);
  return modelConfig({
    architecture: 'gpt2',
    modelType,
    vocabSize: fields.size('vocab_size', 50257),
    hiddenSize,
    intermediateSize: fields.size('n_inner', 4 * hiddenSize),
    numLayers,
    numHeads,
    numKvHeads: numHeads,
    headDim,
    maxPositionEmbeddings: fields.size('n_positions', 1024),
    norm: { kind: 'layer_norm', epsilon: fields.positive('layer_norm_epsilon', 1e-5) },
    activation: fields.activation('activation_function', 'gelu_new'),
    tieWordEmbeddings: fields.boolean('tie_word_embeddings', true),
    bias: { qkv: true, output: true, mlp: true },
    layer: (index) => ({ scale: byLayer ? scale / (index + 1) : scale }),
  });
}

function layerTensors({ hiddenSize, intermediateSize, norm: { kind } }: ModelConfig): Parameter[] {
  const conv1d = (name: string, inputs: number, outputs: number): Parameter[] => [
    [`${name}.weight`, [inputs, outputs]],
    [`${name}.bias`, [outputs]],
  ];
  return [
    ...norm('ln_1', hiddenSize, kind),
    ...conv1d('attn.c_attn', hiddenSize, 3 * hiddenSize),
    ...conv1d('attn.c_proj', hiddenSize, hiddenSize),
    ...norm('ln_2', hiddenSize, kind),
    ...conv1d('mlp.c_fc', hiddenSize, intermediateSize),
    ...conv1d('mlp.c_proj', intermediateSize, hiddenSize),
  ];
}

function emitLayer(m: LayerContext, x: Value): Value {
  const { g } = m;
  const { hiddenSize, numHeads, headDim } = m.config;
  const conv1d = (name: string) => ({ ...m.weights(name), transposed: true });
  const qkv = g.linear(m.norm(x, 'ln_1'), conv1d('attn.c_attn')); // [B * T, 3C]
  const [q, k, v] = g.split(qkv, [hiddenSize, hiddenSize, hiddenSize], -1).map((part) => g.reshape(part, ['B', 'T', numHeads, headDim]));
  const residMid = m.addAttention(x, g.linear(m.attend(q!, k!, v!), conv1d('attn.c_proj'))); // [B * T, C]
  return m.addMlp(residMid, m.mlp(m.norm(residMid, 'ln_2'), { gate: null, up: conv1d('mlp.c_fc'), down: conv1d('mlp.c_proj') }));
}
