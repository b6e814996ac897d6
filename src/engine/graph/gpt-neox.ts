/** GPT-NeoX (Pythia): LayerNorm, rotary positions on a part of each head, q, k and v in one projection by head, attention and MLP side by side. */
import type { Architecture, ExpectedTensor } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import type { LayerConfig, ModelConfig } from './config.ts';
import type { ModelContext } from './model-context.ts';
import { parseRope } from './rope.ts';
import type { Value } from './value.ts';

const EMBEDDING = 'gpt_neox.embed_in.weight';
const HEAD = 'embed_out.weight';

export const gptNeox: Architecture = {
  name: 'gpt_neox',
  modelTypes: ['gpt_neox'],
  causalClasses: ['GPTNeoXForCausalLM'],
  prefix: 'gpt_neox.',
  embedding: EMBEDDING,
  head: HEAD,
  parse,
  expectedTensors,
  emit,
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
  return {
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
    qkNorm: false,
    parallelResidual: fields.boolean('use_parallel_residual', true),
    rope: parseRope(fields, headDim, maxPositionEmbeddings, {
      theta: 'rotary_emb_base',
      share: { name: 'rotary_pct', fallback: 0.25 },
    }),
    layers: Array.from({ length: numLayers }, (_, index): LayerConfig => ({
      index,
      numHeads,
      numKvHeads: numHeads,
      headDim,
      scale: headDim ** -0.5,
      slidingWindow: null,
    })),
  };
}

function expectedTensors({ vocabSize, hiddenSize, intermediateSize, numLayers, bias, tieWordEmbeddings }: ModelConfig): ExpectedTensor[] {
  const tensors: ExpectedTensor[] = [{ name: EMBEDDING, shape: [vocabSize, hiddenSize], layer: null }];
  const pair = (name: string, weight: readonly number[], layer: number | null, hasBias = true): void => {
    tensors.push({ name: `${name}.weight`, shape: weight, layer });
    if (hasBias) tensors.push({ name: `${name}.bias`, shape: [weight[0]!], layer });
  };
  for (let layer = 0; layer < numLayers; layer++) {
    const name = `gpt_neox.layers.${layer}`;
    pair(`${name}.input_layernorm`, [hiddenSize], layer);
    pair(`${name}.attention.query_key_value`, [3 * hiddenSize, hiddenSize], layer, bias.qkv);
    pair(`${name}.attention.dense`, [hiddenSize, hiddenSize], layer, bias.output);
    pair(`${name}.post_attention_layernorm`, [hiddenSize], layer);
    pair(`${name}.mlp.dense_h_to_4h`, [intermediateSize, hiddenSize], layer);
    pair(`${name}.mlp.dense_4h_to_h`, [hiddenSize, intermediateSize], layer);
  }
  pair('gpt_neox.final_layer_norm', [hiddenSize], null);
  if (!tieWordEmbeddings) tensors.push({ name: HEAD, shape: [vocabSize, hiddenSize], layer: null });
  return tensors;
}

function emit(m: ModelContext): Value {
  const { g, config, weights } = m;
  const { numHeads, headDim } = config;
  let x = g.gather(weights.get(EMBEDDING), m.flatIds); // [B * T, C]
  for (const layer of config.layers) {
    const name = `gpt_neox.layers.${layer.index}`;
    x = m.hook(`hidden_states.${layer.index}`, x);
    x = g.scope(`layers.${layer.index}`, () => {
      const qkv = g.linear(m.norm(x, `${name}.input_layernorm`), weights.linear(`${name}.attention.query_key_value`)); // [B * T, H * 3D]
      const [q, k, v] = g.split(g.reshape(qkv, ['B', 'T', numHeads, 3 * headDim]), [headDim, headDim, headDim], -1);
      const attnOut = g.linear(m.attend(layer, q!, k!, v!), weights.linear(`${name}.attention.dense`));
      const residMid = m.addAttention(layer, x, attnOut); // [B * T, C]
      const mlpOut = m.mlp(m.norm(config.parallelResidual ? x : residMid, `${name}.post_attention_layernorm`), layer, {
        gate: null,
        up: weights.linear(`${name}.mlp.dense_h_to_4h`),
        down: weights.linear(`${name}.mlp.dense_4h_to_h`),
      });
      return m.addMlp(layer, residMid, mlpOut);
    });
  }
  return m.norm(x, 'gpt_neox.final_layer_norm');
}
