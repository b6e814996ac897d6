/** Qwen 2 and 2.5: Llama with biases on q, k and v, and a sliding window on the upper layers where asked for. */
import type { Architecture } from './architecture.ts';
import { type ConfigFields, MOST } from './config-fields.ts';
import { DECODER_NAMES, decoderTensors, emitDecoder, parseDecoder } from './llama.ts';

export const qwen2: Architecture = {
  name: 'qwen2',
  modelTypes: ['qwen2'],
  causalClasses: ['Qwen2ForCausalLM'],
  ...DECODER_NAMES,
  parse: (fields, modelType) => {
    fields.only('mlp_bias', false);
    return parseDecoder(fields, modelType, {
      architecture: 'qwen2',
      defaults: { vocabSize: 151936, intermediateSize: 22016, maxPositionEmbeddings: 32768, numKvHeads: 32 },
      bias: { qkv: true, output: false, mlp: false },
      slidingWindow: qwenSlidingWindow(fields),
    });
  },
  expectedTensors: decoderTensors,
  emit: emitDecoder,
};

/** The window of each layer: `layer_types` decides where given, else all layers from `max_window_layers` on have it. */
export function qwenSlidingWindow(fields: ConfigFields): (layer: number) => number | null {
  const off = !fields.boolean('use_sliding_window', false) || (fields.mentions('sliding_window') && !fields.has('sliding_window'));
  const window = off ? null : fields.size('sliding_window', 4096);
  if (fields.has('layer_types')) {
    const types = fields.strings('layer_types');
    const known = window === null ? ['full_attention'] : ['full_attention', 'sliding_attention'];
    const layers = fields.size('num_hidden_layers', 32, MOST.layers);
    if (types.length !== layers || types.some((type) => !known.includes(type)))
      fields.fail(
        'layer_types',
        `one of ${known.join(', ')} for each of the ${layers} layers${window === null ? ', as there is no sliding window' : ''}`,
      );
    return (layer) => (types[layer] === 'sliding_attention' ? window : null);
  }
  const first = fields.count('max_window_layers', 28);
  return (layer) => (layer >= first ? window : null);
}
