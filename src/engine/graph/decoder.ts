/** What Llama and those who build on it share: separate q, k and v, rotary positions, grouped K/V heads, a gated MLP. */
import { linear, norm, type Parameter, type TensorNames } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import type { ModelConfig } from './config.ts';
import type { Activation } from './elementwise-ops.ts';
import type { LayerContext } from './layer-context.ts';
import { type ConfigTraits, modelConfig, type PlainTrait } from './model-config.ts';
import { parseRope, type Rope } from './rope.ts';
import type { Value } from './value.ts';

const NAMES: TensorNames = {
  prefix: 'model.',
  embedding: 'model.embed_tokens.weight',
  head: 'lm_head.weight',
  finalNorm: 'model.norm',
  layer: (index) => `model.layers.${index}`,
};

/** What a member of the family must say; what else differs comes as `traits`. */
export interface DecoderTraits extends Pick<ConfigTraits, 'architecture' | 'bias' | 'layer' | PlainTrait> {
  /** Of fields that `config.json` may leave out. */
  defaults: {
    vocabSize: number;
    hiddenSize?: number;
    intermediateSize: number;
    numLayers?: number;
    numHeads?: number;
    numKvHeads?: number;
    headDim?: number;
    maxPositionEmbeddings: number;
    tied?: boolean;
  };
  /** What `hidden_act` says unless given. */
  activation?: Activation;
  normOffset?: number;
  /** Of each layer, where it isn't one for all. */
  rope?: (headDim: number, maxPositionEmbeddings: number) => (layer: number) => Rope;
}

export function parseDecoder(
  fields: ConfigFields,
  modelType: string,
  { defaults, normOffset, layer, rope, ...traits }: DecoderTraits,
): ModelConfig {
  const hiddenSize = fields.size('hidden_size', defaults.hiddenSize ?? 4096);
  const numLayers = fields.size('num_hidden_layers', defaults.numLayers ?? 32, MOST.layers);
  const numHeads = fields.size('num_attention_heads', defaults.numHeads ?? 32);
  const numKvHeads = fields.size(
    'num_key_value_heads',
    fields.mentions('num_key_value_heads') ? numHeads : (defaults.numKvHeads ?? numHeads),
  );
  const headDim = fields.size('head_dim', defaults.headDim ?? Math.floor(hiddenSize / numHeads));
  const maxPositionEmbeddings = fields.size('max_position_embeddings', defaults.maxPositionEmbeddings);
  const shared = rope ? null : parseRope(fields, headDim, maxPositionEmbeddings);
  const ropeOf = rope?.(headDim, maxPositionEmbeddings) ?? (() => shared);
  return modelConfig({
    modelType,
    vocabSize: fields.size('vocab_size', defaults.vocabSize),
    hiddenSize,
    intermediateSize: fields.size('intermediate_size', defaults.intermediateSize),
    numLayers,
    numHeads,
    numKvHeads,
    headDim,
    maxPositionEmbeddings,
    norm: { kind: 'rms_norm', epsilon: fields.positive('rms_norm_eps', 1e-6), offset: normOffset ?? 0 },
    activation: traits.activation ?? fields.activation('hidden_act', 'silu'),
    tieWordEmbeddings: fields.boolean('tie_word_embeddings', defaults.tied ?? false),
    ...traits,
    layer: (index) => ({ rope: ropeOf(index), ...layer?.(index) }),
  });
}

/** The kind of each layer's attention as `layer_types` has it. Null where it is absent. */
export function layerTypes(fields: ConfigFields, numLayers: number, known: readonly string[], why = ''): string[] | null {
  if (!fields.has('layer_types')) return null;
  const types = fields.strings('layer_types');
  if (types.length !== numLayers || types.some((type) => !known.includes(type)))
    fields.fail('layer_types', `one of ${known.join(', ')} for each of the ${numLayers} layers${why}`);
  return types;
}

function layerTensors(config: ModelConfig): Parameter[] {
  const { hiddenSize, intermediateSize, numHeads, numKvHeads, headDim, bias, qkNorm, postNorms } = config;
  const vector = (name: string): Parameter[] => norm(name, hiddenSize, config.norm.kind);
  return [
    ...vector('input_layernorm'),
    ...linear('self_attn.q_proj', numHeads * headDim, hiddenSize, bias.qkv),
    ...linear('self_attn.k_proj', numKvHeads * headDim, hiddenSize, bias.qkv),
    ...linear('self_attn.v_proj', numKvHeads * headDim, hiddenSize, bias.qkv),
    ...linear('self_attn.o_proj', hiddenSize, numHeads * headDim, bias.output),
    ...(qkNorm ? [...norm('self_attn.q_norm', headDim, 'rms_norm'), ...norm('self_attn.k_norm', headDim, 'rms_norm')] : []),
    ...vector('post_attention_layernorm'),
    ...(postNorms ? [...vector('pre_feedforward_layernorm'), ...vector('post_feedforward_layernorm')] : []),
    ...linear('mlp.gate_proj', intermediateSize, hiddenSize, bias.mlp),
    ...linear('mlp.up_proj', intermediateSize, hiddenSize, bias.mlp),
    ...linear('mlp.down_proj', hiddenSize, intermediateSize, bias.mlp),
  ];
}

function emitLayer(m: LayerContext, x: Value): Value {
  const { g } = m;
  const { numHeads, numKvHeads, headDim, qkNorm, postNorms } = m.config;
  const normed = m.norm(x, 'input_layernorm');
  const heads = (projection: 'q' | 'k' | 'v', count: number): Value => {
    const split = g.reshape(m.linear(normed, `self_attn.${projection}_proj`), ['B', 'T', count, headDim]); // [B * T, heads * D]
    return qkNorm && projection !== 'v' ? m.norm(split, `self_attn.${projection}_norm`) : split;
  };
  const attended = m.attend(heads('q', numHeads), heads('k', numKvHeads), heads('v', numKvHeads)); // [B * T, H * D]
  const attnOut = m.linear(attended, 'self_attn.o_proj');
  const residMid = m.addAttention(x, postNorms ? m.norm(attnOut, 'post_attention_layernorm') : attnOut); // [B * T, C]
  const mlpOut = m.mlp(m.norm(residMid, postNorms ? 'pre_feedforward_layernorm' : 'post_attention_layernorm'), {
    gate: m.weights('mlp.gate_proj'),
    up: m.weights('mlp.up_proj'),
    down: m.weights('mlp.down_proj'),
  });
  return m.addMlp(residMid, postNorms ? m.norm(mlpOut, 'post_feedforward_layernorm') : mlpOut);
}

/** What an architecture of the family has in common with the others. */
export const DECODER = { names: NAMES, layerTensors, emitLayer };
