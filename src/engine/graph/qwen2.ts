/** Qwen 2 and 2.5: Llama with biases on q, k and v, and a sliding window on the upper layers where asked for. */
import type { Architecture } from './architecture.ts';
import type { ConfigFields } from './config-fields.ts';
import { decoderTensors, emitDecoder, parseDecoder } from './llama.ts';

export const qwen2: Architecture = {
  name: 'qwen2',
  modelTypes: ['qwen2'],
  prefix: 'model.',
  parse: (fields, modelType) =>
    parseDecoder(fields, modelType, {
      architecture: 'qwen2',
      defaults: { vocabSize: 151936, intermediateSize: 22016, maxPositionEmbeddings: 32768 },
      bias: { qkv: true, output: false, mlp: false },
      slidingWindow: qwenSlidingWindow(fields),
    }),
  expectedTensors: decoderTensors,
  emit: emitDecoder,
};

/** The window of each layer: `layer_types` decides where given, else all layers from `max_window_layers` on have it. */
export function qwenSlidingWindow(fields: ConfigFields): (layer: number) => number | null {
  if (!fields.boolean('use_sliding_window', false)) return () => null;
  const missing = fields.mentions('sliding_window') && !fields.has('sliding_window');
  if (missing) return () => null;
  const window = fields.size('sliding_window', 4096);
  if (fields.has('layer_types')) {
    const types = fields.strings('layer_types');
    return (layer) => (types[layer] === 'sliding_attention' ? window : null);
  }
  const first = fields.count('max_window_layers', 28);
  return (layer) => (layer >= first ? window : null);
}
