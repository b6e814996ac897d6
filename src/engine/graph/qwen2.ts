/** Qwen 2 and 2.5: Llama with biases on q, k and v, and a sliding window on the upper layers where asked for. */
import type { Architecture } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import { DECODER, layerTypes, parseDecoder } from './decoder.ts';

export const qwen2: Architecture = {
  name: 'qwen2',
  modelTypes: ['qwen2'],
  causalClasses: ['Qwen2ForCausalLM'],
  ...DECODER,
  parse: (fields, modelType) => {
    fields.only('mlp_bias', false);
    const window = qwenSlidingWindow(fields);
    return parseDecoder(fields, modelType, {
      architecture: 'qwen2',
      defaults: { vocabSize: 151936, intermediateSize: 22016, maxPositionEmbeddings: 32768, numKvHeads: 32 },
      bias: { qkv: true, output: false, mlp: false },
      layer: (index) => ({ slidingWindow: window(index) }),
    });
  },
};

/** The window of each layer: `layer_types` decides where given, else all layers from `max_window_layers` on have it. */
export function qwenSlidingWindow(fields: ConfigFields): (layer: number) => number | null {
  const off = !fields.boolean('use_sliding_window', false) || (fields.mentions('sliding_window') && !fields.has('sliding_window'));
  const window = off ? null : fields.size('sliding_window', 4096);
  const types = layerTypes(
    fields,
    fields.size('num_hidden_layers', 32, MOST.layers),
    window === null ? ['full_attention'] : ['full_attention', 'sliding_attention'],
    window === null ? ', as there is no sliding window' : '',
  );
  if (types) return (layer) => (types[layer] === 'sliding_attention' ? window : null);
  const first = fields.count('max_window_layers', 28);
  return (layer) => (layer >= first ? window : null);
}
