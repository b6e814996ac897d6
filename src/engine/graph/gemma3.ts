/** Gemma 3, its text models: norms over q and k as well, and rotary positions of one base where a layer sees everything, of another in a window. */
import type { Architecture } from './architecture.ts';
import type { ConfigFields } from './config-fields.ts';
import { DECODER } from './decoder.ts';
import { cap, gemmaScale, gemmaWindow, SIZES } from './gemma2.ts';
import { parseGemma } from './gemma.ts';
import { type Rope, ropeOf } from './rope.ts';

export const gemma3: Architecture = {
  name: 'gemma3_text',
  modelTypes: ['gemma3_text'],
  causalClasses: ['Gemma3ForCausalLM'],
  ...DECODER,
  parse: (fields, modelType) => {
    // transformers reads this field and leaves it at that: what such a file means is not known.
    fields.only('attn_logit_softcapping', null);
    const window = gemmaWindow(fields, fields.size('sliding_window_pattern', 6));
    const scale = gemmaScale(fields);
    return parseGemma(fields, modelType, {
      architecture: 'gemma3_text',
      defaults: { ...SIZES, vocabSize: 262208, maxPositionEmbeddings: 131072 },
      activation: fields.activation('hidden_activation', 'gelu_pytorch_tanh'),
      qkNorm: true,
      postNorms: true,
      logits: { scale: 1, softCap: cap(fields, 'final_logit_softcapping', null) },
      rope: ropeByLayer(fields, window),
      layer: (index) => ({ scale, slidingWindow: window(index) }),
    });
  },
};

/** `rope_parameters` by kind of layer (transformers 5), or the base of either kind, and a scaling for layers that see everything (4). */
function ropeByLayer(fields: ConfigFields, window: (layer: number) => number | null) {
  const byKind = fields.filled('rope_parameters');
  const other = byKind?.names().find((name) => name !== 'full_attention' && name !== 'sliding_attention');
  if (other) byKind!.fail(other, 'full_attention and sliding_attention, each with parameters of its own');
  const full = byKind?.filled('full_attention') ?? null;
  if (full) fields.only('rope_scaling', null);
  return (headDim: number, maxPositions: number): ((layer: number) => Rope) => {
    const rope = (parameters: ConfigFields | null, name: string, fallback: number): Rope =>
      ropeOf(fields, parameters, headDim, maxPositions, { theta: { name, fallback }, share: null });
    const global = rope(full ?? fields.filled('rope_scaling'), 'rope_theta', 1_000_000);
    const local = rope(byKind?.filled('sliding_attention') ?? null, 'rope_local_base_freq', 10_000);
    return (layer) => (window(layer) === null ? global : local);
  };
}
