/** Llama, Mistral and SmolLM2: the decoder as it is. */
import type { Architecture } from './architecture.ts';
import type { ConfigFields } from './config-fields.ts';
import { DECODER, parseDecoder } from './decoder.ts';

export const llama: Architecture = {
  name: 'llama',
  modelTypes: ['llama', 'mistral'],
  causalClasses: ['LlamaForCausalLM', 'MistralForCausalLM'],
  ...DECODER,
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
      layer: () => ({ slidingWindow: window }),
    });
  },
};

/** One kind of attention for all layers is what these architectures compute. */
function checkLayerTypes(fields: ConfigFields, type: string): void {
  if (fields.has('layer_types') && fields.strings('layer_types').some((other) => other !== type))
    fields.fail('layer_types', `${type} for every layer`);
}
