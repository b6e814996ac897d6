/** Gemma: Llama with scaled embeddings and norms whose weights are stored as what they add to 1. */
import type { Architecture } from './architecture.ts';
import type { ConfigFields } from './config-fields.ts';
import { DECODER, type DecoderTraits, parseDecoder } from './decoder.ts';
import type { ModelConfig } from './config.ts';

export const gemma: Architecture = {
  name: 'gemma',
  modelTypes: ['gemma'],
  causalClasses: ['GemmaForCausalLM'],
  ...DECODER,
  parse: (fields, modelType) => {
    fields.only('hidden_activation', 'gelu_pytorch_tanh');
    const activation = fields.activation('hidden_act', 'gelu_pytorch_tanh');
    return parseGemma(fields, modelType, {
      architecture: 'gemma',
      // What the first files call gelu is its tanh form.
      activation: fields.has('hidden_act') && fields.string('hidden_act') === 'gelu' ? 'gelu_tanh' : activation,
      defaults: { hiddenSize: 3072, intermediateSize: 24576, numLayers: 28, numHeads: 16, numKvHeads: 16, maxPositionEmbeddings: 8192 },
    });
  },
};

type GemmaTraits = Omit<DecoderTraits, 'bias' | 'defaults'> & {
  defaults: Omit<DecoderTraits['defaults'], 'vocabSize'> & { vocabSize?: number };
};

/** What all generations have: scaled embeddings, norms around 1, heads of 256 components, a tied output projection. */
export function parseGemma(fields: ConfigFields, modelType: string, { defaults, ...traits }: GemmaTraits): ModelConfig {
  fields.only('use_bidirectional_attention', false);
  fields.only('mlp_bias', false);
  const attentionBias = fields.boolean('attention_bias', false);
  const hiddenSize = fields.size('hidden_size', defaults.hiddenSize);
  return parseDecoder(fields, modelType, {
    bias: { qkv: attentionBias, output: attentionBias, mlp: false },
    normOffset: 1,
    embeddingScale: Math.sqrt(hiddenSize),
    ...traits,
    defaults: { vocabSize: 256000, headDim: 256, tied: true, ...defaults },
  });
}
