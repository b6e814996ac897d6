/** GPT-2: LayerNorm, learned positions, one fused projection for q, k and v, weights stored [in, out]. */
import type { Architecture, ExpectedTensor } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import type { LayerConfig, ModelConfig } from './config.ts';
import type { ModelContext } from './model-context.ts';
import type { Value } from './value.ts';

const EMBEDDING = 'transformer.wte.weight';
const HEAD = 'lm_head.weight';

export const gpt2: Architecture = {
  name: 'gpt2',
  modelTypes: ['gpt2'],
  causalClasses: ['GPT2LMHeadModel'],
  prefix: 'transformer.',
  embedding: EMBEDDING,
  head: HEAD,
  parse,
  expectedTensors,
  emit,
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
  return {
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
    qkNorm: false,
    parallelResidual: false,
    rope: null,
    layers: Array.from({ length: numLayers }, (_, index): LayerConfig => ({
      index,
      numHeads,
      numKvHeads: numHeads,
      headDim,
      scale: byLayer ? scale / (index + 1) : scale,
      slidingWindow: null,
    })),
  };
}

function expectedTensors({
  vocabSize,
  hiddenSize,
  intermediateSize,
  numLayers,
  maxPositionEmbeddings,
  tieWordEmbeddings,
}: ModelConfig): ExpectedTensor[] {
  const tensors: ExpectedTensor[] = [
    { name: EMBEDDING, shape: [vocabSize, hiddenSize], layer: null },
    { name: 'transformer.wpe.weight', shape: [maxPositionEmbeddings, hiddenSize], layer: null },
  ];
  for (let layer = 0; layer < numLayers; layer++) {
    const pair = (name: string, weight: readonly number[]): void => {
      tensors.push({ name: `transformer.h.${layer}.${name}.weight`, shape: weight, layer });
      tensors.push({ name: `transformer.h.${layer}.${name}.bias`, shape: [weight.at(-1)!], layer });
    };
    pair('ln_1', [hiddenSize]);
    pair('attn.c_attn', [hiddenSize, 3 * hiddenSize]);
    pair('attn.c_proj', [hiddenSize, hiddenSize]);
    pair('ln_2', [hiddenSize]);
    pair('mlp.c_fc', [hiddenSize, intermediateSize]);
    pair('mlp.c_proj', [intermediateSize, hiddenSize]);
  }
  tensors.push(
    { name: 'transformer.ln_f.weight', shape: [hiddenSize], layer: null },
    { name: 'transformer.ln_f.bias', shape: [hiddenSize], layer: null },
  );
  if (!tieWordEmbeddings) tensors.push({ name: HEAD, shape: [vocabSize, hiddenSize], layer: null });
  return tensors;
}

function emit(m: ModelContext): Value {
  const { g, config, weights } = m;
  const { hiddenSize, numHeads, headDim } = config;
  const conv1d = (name: string) => ({ ...weights.linear(name), transposed: true });
  const tokens = g.gather(weights.get(EMBEDDING), m.flatIds); // [B * T, C]
  const places = g.gather(weights.get('transformer.wpe.weight'), m.flatPositions); // [B * T, C]
  let x = g.add(tokens, places);
  for (const layer of config.layers) {
    const name = `transformer.h.${layer.index}`;
    x = m.hook(`hidden_states.${layer.index}`, x);
    x = g.scope(`layers.${layer.index}`, () => {
      const qkv = g.linear(m.norm(x, `${name}.ln_1`), conv1d(`${name}.attn.c_attn`)); // [B * T, 3C]
      const [q, k, v] = g
        .split(qkv, [hiddenSize, hiddenSize, hiddenSize], -1)
        .map((part) => g.reshape(part, ['B', 'T', numHeads, headDim]));
      const attnOut = g.linear(m.attend(layer, q!, k!, v!), conv1d(`${name}.attn.c_proj`));
      const residMid = m.addAttention(layer, x, attnOut); // [B * T, C]
      const mlpOut = m.mlp(m.norm(residMid, `${name}.ln_2`), layer, {
        gate: null,
        up: conv1d(`${name}.mlp.c_fc`),
        down: conv1d(`${name}.mlp.c_proj`),
      });
      return m.addMlp(layer, residMid, mlpOut);
    });
  }
  return m.norm(x, 'transformer.ln_f');
}
