/** Qwen 3: Llama with RMSNorm over each head of q and k, and a head dim of its own. */
import type { Architecture } from './architecture.ts';
import { DECODER, parseDecoder } from './decoder.ts';
import { qwenSlidingWindow } from './qwen2.ts';

export const qwen3: Architecture = {
  name: 'qwen3',
  modelTypes: ['qwen3'],
  causalClasses: ['Qwen3ForCausalLM'],
  ...DECODER,
  parse: (fields, modelType) => {
    fields.only('mlp_bias', false);
    const attentionBias = fields.boolean('attention_bias', false);
    const window = qwenSlidingWindow(fields);
    return parseDecoder(fields, modelType, {
      architecture: 'qwen3',
      defaults: { vocabSize: 151936, intermediateSize: 22016, maxPositionEmbeddings: 32768, numKvHeads: 32, headDim: 128 },
      bias: { qkv: attentionBias, output: attentionBias, mlp: false },
      qkNorm: true,
      layer: (index) => ({ slidingWindow: window(index) }),
    });
  },
};
