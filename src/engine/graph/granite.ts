/** Granite 3: Llama with factors of its own on embeddings, attention scores, residual parts and logits. */
import type { Architecture } from './architecture.ts';
import { DECODER, parseDecoder } from './decoder.ts';

export const granite: Architecture = {
  name: 'granite',
  modelTypes: ['granite'],
  causalClasses: ['GraniteForCausalLM'],
  ...DECODER,
  parse: (fields, modelType) => {
    const attentionBias = fields.boolean('attention_bias', false);
    const scale = fields.positive('attention_multiplier', 1);
    return parseDecoder(fields, modelType, {
      architecture: 'granite',
      defaults: { vocabSize: 32000, intermediateSize: 11008, maxPositionEmbeddings: 2048 },
      bias: { qkv: attentionBias, output: attentionBias, mlp: fields.boolean('mlp_bias', false) },
      embeddingScale: fields.positive('embedding_multiplier', 1),
      residualScale: fields.positive('residual_multiplier', 1),
      logits: { scale: 1 / fields.positive('logits_scaling', 1), softCap: null },
      layer: () => ({ scale }),
    });
  },
};
