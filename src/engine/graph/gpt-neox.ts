/** GPT-NeoX (Pythia): LayerNorm, rotary positions on a part of each head, q, k and v in one projection by head, attention and MLP side by side. */
import { type Architecture, linear, norm, type Parameter } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import type { ModelConfig } from './config.ts';
import type { LayerContext } from './layer-context.ts';
import { modelConfig } from './model-config.ts';
import { parseRope } from './rope.ts';
import type { Value } from './value.ts';

export const gptNeox: Architecture = {
  name: 'gpt_neox',
  modelTypes: ['gpt_neox'],
  causalClasses: ['GPTNeoXForCausalLM'],
  names: {
    prefix: 'gpt_neox.',
    embedding: 'gpt_neox.embed_in.weight',
    head: 'embed_out.weight',
    finalNorm: 'gpt_neox.final_layer_norm',
    layer: (index) => `gpt_neox.layers.${index}`,
  },
  parse,
  layerTensors,
  emitLayer,
};

function parse(fields: ConfigFields, modelType: string): ModelConfig {
  const hiddenSize = fields.size('hidden_size', 6144);
  const numLayers = fields.size('num_hidden_layers', 44, MOST.layers);
  const numHeads = fields.size('num_attention_heads', 64);
  if (hiddenSize % numHeads !== 0) fields.fail('num_attention_heads', `a divisor of hidden_size (${hiddenSize})`);
  const headDim = hiddenSize / numHeads;
  fields.only('head_dim', headDim);
  const maxPositionEmbeddings = fields.size('max_position_embeddings', 2048);
  const attentionBias = fields.boolean('attention_bias', true);
  const rope = parseRope(fields, headDim, maxPositionEmbeddings, {
    theta: { name: 'rotary_emb_base', fallback: 10000 },
    share: { name: 'rotary_pct', fallback: 0.25 },
  });
  return modelConfig({
    architecture: 'gpt_neox',
    modelType,
    vocabSize: fields.size('vocab_size', 50432),
    hiddenSize,
    intermediateSize: fields.size('intermediate_size', 24576),
    numLayers,
    numHeads,
    numKvHeads: numHeads,
    headDim,
    maxPositionEmbeddings,
    norm: { kind: 'layer_norm', epsilon: fields.positive('layer_norm_eps', 1e-5) },
    activation: fields.activation('hidden_act', 'gelu'),
    tieWordEmbeddings: fields.boolean('tie_word_embeddings', false),
    bias: { qkv: attentionBias, output: attentionBias, mlp: true },
    parallelResidual: fields.boolean('use_parallel_residual', true),
    layer: () => ({ rope }),
  });
}

function layerTensors({ hiddenSize, intermediateSize, norm: { kind }, bias }: ModelConfig): Parameter[] {
  return [
    ...norm('input_layernorm', hiddenSize, kind),
    ...linear('attention.query_key_value', 3 * hiddenSize, hiddenSize, bias.qkv),
    ...linear('attention.dense', hiddenSize, hiddenSize, bias.output),
    ...norm('post_attention_layernorm', hiddenSize, kind),
    ...linear('mlp.dense_h_to_4h', intermediateSize, hiddenSize, bias.mlp),
    ...linear('mlp.dense_4h_to_h', hiddenSize, intermediateSize, bias.mlp),
  ];
}

function emitLayer(m: LayerContext, x: Value): Value {
  const { g } = m;
  const { numHeads, headDim, parallelResidual } = m.config;
  const qkv = m.linear(m.norm(x, 'input_layernorm'), 'attention.query_key_value'); // [B * T, H * 3D]
  const [q, k, v] = g.split(g.reshape(qkv, ['B', 'T', numHeads, 3 * headDim]), [headDim, headDim, headDim], -1);
  const residMid = m.addAttention(x, m.linear(m.attend(q!, k!, v!), 'attention.dense')); // [B * T, C]
  const mlpOut = m.mlp(m.norm(parallelResidual ? x : residMid, 'post_attention_layernorm'), {
    gate: null,
    up: m.weights('mlp.dense_h_to_4h'),
    down: m.weights('mlp.dense_4h_to_h'),
  });
  return m.addMlp(residMid, mlpOut);
}
