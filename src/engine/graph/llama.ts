/** Llama and its kin (Mistral, SmolLM2): RMSNorm, rotary positions, grouped K/V heads, gated MLP. */
import type { Architecture, ExpectedTensor } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import type { LayerConfig, ModelConfig } from './config.ts';
import type { ModelContext } from './model-context.ts';
import { parseRope } from './rope.ts';
import type { Value } from './value.ts';

/** What the members of this family call what they share. */
export const DECODER_NAMES = { prefix: 'model.', embedding: 'model.embed_tokens.weight', head: 'lm_head.weight' };

export const llama: Architecture = {
  name: 'llama',
  modelTypes: ['llama', 'mistral'],
  causalClasses: ['LlamaForCausalLM', 'MistralForCausalLM'],
  ...DECODER_NAMES,
  parse: (fields, modelType) => {
    const mistral = modelType === 'mistral';
    if (mistral) {
      // Its class in transformers has no biases and one window for all layers, whatever these say.
      fields.only('attention_bias', false);
      fields.only('mlp_bias', false);
    }
    const attentionBias = fields.boolean('attention_bias', false);
    const defaults = mistral
      ? { vocabSize: 32000, intermediateSize: 14336, numKvHeads: 8, maxPositionEmbeddings: 131072 }
      : { vocabSize: 32000, intermediateSize: 11008, maxPositionEmbeddings: 2048 };
    // null means no window; absent means the default of 4096
    const window =
      mistral && (fields.has('sliding_window') || !fields.mentions('sliding_window')) ? fields.size('sliding_window', 4096) : null;
    checkLayerTypes(fields, window === null ? 'full_attention' : 'sliding_attention');
    return parseDecoder(fields, modelType, {
      architecture: 'llama',
      defaults,
      bias: { qkv: attentionBias, output: attentionBias, mlp: fields.boolean('mlp_bias', false) },
      slidingWindow: () => window,
    });
  },
  expectedTensors: decoderTensors,
  emit: emitDecoder,
};

/** One kind of attention for all layers is what these architectures compute. */
function checkLayerTypes(fields: ConfigFields, type: string): void {
  if (fields.has('layer_types') && fields.strings('layer_types').some((other) => other !== type))
    fields.fail('layer_types', `${type} for every layer`);
}

export interface DecoderTraits {
  architecture: ModelConfig['architecture'];
  defaults: { vocabSize: number; intermediateSize: number; maxPositionEmbeddings: number; numKvHeads?: number; headDim?: number };
  bias: ModelConfig['bias'];
  qkNorm?: boolean;
  slidingWindow: (layer: number) => number | null;
}

/** The config of a decoder of this family; what differs between its members comes as `traits`. */
export function parseDecoder(
  fields: ConfigFields,
  modelType: string,
  { architecture, defaults, bias, qkNorm = false, slidingWindow }: DecoderTraits,
): ModelConfig {
  const hiddenSize = fields.size('hidden_size', 4096);
  const numLayers = fields.size('num_hidden_layers', 32, MOST.layers);
  const numHeads = fields.size('num_attention_heads', 32);
  const numKvHeads = fields.size(
    'num_key_value_heads',
    fields.mentions('num_key_value_heads') ? numHeads : (defaults.numKvHeads ?? numHeads),
  );
  const headDim = fields.size('head_dim', defaults.headDim ?? Math.floor(hiddenSize / numHeads));
  const maxPositionEmbeddings = fields.size('max_position_embeddings', defaults.maxPositionEmbeddings);
  return {
    architecture,
    modelType,
    vocabSize: fields.size('vocab_size', defaults.vocabSize),
    hiddenSize,
    intermediateSize: fields.size('intermediate_size', defaults.intermediateSize),
    numLayers,
    numHeads,
    numKvHeads,
    headDim,
    maxPositionEmbeddings,
    norm: { kind: 'rms_norm', epsilon: fields.positive('rms_norm_eps', 1e-6) },
    activation: fields.activation('hidden_act', 'silu'),
    tieWordEmbeddings: fields.boolean('tie_word_embeddings', false),
    bias,
    qkNorm,
    parallelResidual: false,
    rope: parseRope(fields, headDim, maxPositionEmbeddings),
    layers: Array.from({ length: numLayers }, (_, index): LayerConfig => ({
      index,
      numHeads,
      numKvHeads,
      headDim,
      scale: headDim ** -0.5,
      slidingWindow: slidingWindow(index),
    })),
  };
}

export function decoderTensors({
  vocabSize,
  hiddenSize,
  intermediateSize,
  numLayers,
  numHeads,
  numKvHeads,
  headDim,
  bias,
  qkNorm,
  tieWordEmbeddings,
}: ModelConfig): ExpectedTensor[] {
  const tensors: ExpectedTensor[] = [{ name: DECODER_NAMES.embedding, shape: [vocabSize, hiddenSize], layer: null }];
  for (let layer = 0; layer < numLayers; layer++) {
    const vector = (name: string, size: number): void => void tensors.push({ name: `model.layers.${layer}.${name}`, shape: [size], layer });
    const linear = (name: string, outputs: number, inputs: number, hasBias: boolean): void => {
      tensors.push({ name: `model.layers.${layer}.${name}.weight`, shape: [outputs, inputs], layer });
      if (hasBias) vector(`${name}.bias`, outputs);
    };
    vector('input_layernorm.weight', hiddenSize);
    linear('self_attn.q_proj', numHeads * headDim, hiddenSize, bias.qkv);
    linear('self_attn.k_proj', numKvHeads * headDim, hiddenSize, bias.qkv);
    linear('self_attn.v_proj', numKvHeads * headDim, hiddenSize, bias.qkv);
    linear('self_attn.o_proj', hiddenSize, numHeads * headDim, bias.output);
    if (qkNorm) {
      vector('self_attn.q_norm.weight', headDim);
      vector('self_attn.k_norm.weight', headDim);
    }
    vector('post_attention_layernorm.weight', hiddenSize);
    linear('mlp.gate_proj', intermediateSize, hiddenSize, bias.mlp);
    linear('mlp.up_proj', intermediateSize, hiddenSize, bias.mlp);
    linear('mlp.down_proj', hiddenSize, intermediateSize, bias.mlp);
  }
  tensors.push({ name: 'model.norm.weight', shape: [hiddenSize], layer: null });
  if (!tieWordEmbeddings) tensors.push({ name: DECODER_NAMES.head, shape: [vocabSize, hiddenSize], layer: null });
  return tensors;
}

export function emitDecoder(m: ModelContext): Value {
  const { g, config, weights } = m;
  const { numHeads, numKvHeads, headDim } = config;
  let x = g.gather(weights.get(DECODER_NAMES.embedding), m.flatIds); // [B * T, C]
  for (const layer of config.layers) {
    const name = `model.layers.${layer.index}`;
    x = m.hook(`hidden_states.${layer.index}`, x);
    x = g.scope(`layers.${layer.index}`, () => {
      const normed = m.norm(x, `${name}.input_layernorm`);
      const heads = (projection: 'q' | 'k' | 'v', count: number): Value => {
        const flat = g.linear(normed, weights.linear(`${name}.self_attn.${projection}_proj`)); // [B * T, heads * D]
        const split = g.reshape(flat, ['B', 'T', count, headDim]);
        return config.qkNorm && projection !== 'v' ? m.norm(split, `${name}.self_attn.${projection}_norm`) : split;
      };
      const attended = m.attend(layer, heads('q', numHeads), heads('k', numKvHeads), heads('v', numKvHeads)); // [B * T, H * D]
      const attnOut = g.linear(attended, weights.linear(`${name}.self_attn.o_proj`));
      const residMid = m.addAttention(layer, x, attnOut); // [B * T, C]
      const mlpOut = m.mlp(m.norm(residMid, `${name}.post_attention_layernorm`), layer, {
        gate: weights.linear(`${name}.mlp.gate_proj`),
        up: weights.linear(`${name}.mlp.up_proj`),
        down: weights.linear(`${name}.mlp.down_proj`),
      });
      return m.addMlp(layer, residMid, mlpOut);
    });
  }
  return m.norm(x, 'model.norm');
}
