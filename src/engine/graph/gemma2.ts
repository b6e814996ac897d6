/** Gemma 2: norms around attention and MLP, soft caps on scores and logits, a sliding window on every other layer. */
import type { Architecture } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import { DECODER, layerTypes } from './decoder.ts';
import { parseGemma } from './gemma.ts';

export const SIZES = { hiddenSize: 2304, intermediateSize: 9216, numLayers: 26, numHeads: 8, numKvHeads: 4 };

export const gemma2: Architecture = {
  name: 'gemma2',
  modelTypes: ['gemma2'],
  causalClasses: ['Gemma2ForCausalLM'],
  ...DECODER,
  parse: (fields, modelType) => {
    const window = gemmaWindow(fields, 2);
    const scale = gemmaScale(fields);
    const softCap = cap(fields, 'attn_logit_softcapping', 50);
    return parseGemma(fields, modelType, {
      architecture: 'gemma2',
      defaults: { ...SIZES, maxPositionEmbeddings: 8192 },
      activation: fields.activation('hidden_activation', 'gelu_pytorch_tanh'),
      postNorms: true,
      logits: { scale: 1, softCap: cap(fields, 'final_logit_softcapping', 30) },
      layer: (index) => ({ scale, softCap, slidingWindow: window(index) }),
    });
  },
};

/** Null means no bound; absent means the default. */
export const cap = (fields: ConfigFields, name: string, fallback: number | null): number | null =>
  fields.has(name) || (!fields.mentions(name) && fallback !== null) ? fields.positive(name, fallback ?? undefined) : null;

/** Scores are scaled by what the config says, not by the size of a head. */
export const gemmaScale = (fields: ConfigFields): number => fields.positive('query_pre_attn_scalar', 256) ** -0.5;

/** @param pattern one layer in so many sees everything, the others a window, where `layer_types` says nothing */
export function gemmaWindow(fields: ConfigFields, pattern: number): (layer: number) => number | null {
  const numLayers = fields.size('num_hidden_layers', SIZES.numLayers, MOST.layers);
  if (fields.mentions('sliding_window') && !fields.has('sliding_window')) fields.fail('sliding_window', 'a whole number above 0');
  const window = fields.size('sliding_window', 4096);
  const types = layerTypes(fields, numLayers, ['full_attention', 'sliding_attention']);
  return (layer) => ((types ? types[layer] === 'full_attention' : (layer + 1) % pattern === 0) ? null : window);
}
