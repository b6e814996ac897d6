/** The values inside a model that captures and taps name. */
import type { ModelConfig } from './config.ts';

export interface HookPoint {
  name: string;
  /** Of one sequence of T tokens, with the model's sizes: `[T, 576]`. */
  shape: string;
  /** Of one token: [C] or [heads, D]. Null for attention maps, which the fused kernels never form, so that no tap can change them. */
  tokenShape: readonly number[] | null;
  description: string;
}

/** Every hook point of a model: `hidden_states.0` … in the order of transformers, then `attentions.<layer>`, then those inside layers. */
export function hookPoints({
  hiddenSize,
  numHeads,
  numKvHeads,
  headDim,
  numLayers,
  layers: each,
  parallelResidual,
}: ModelConfig): HookPoint[] {
  const layers = Array.from({ length: numLayers }, (_, i) => i);
  const perToken = (...tokenShape: number[]) => ({ shape: `[T, ${tokenShape.join(', ')}]`, tokenShape });
  const stream = perToken(hiddenSize);
  const placed = (i: number): string => (each[i]!.rope ? ', rotated' : '');
  return [
    ...layers.map((i) => ({
      name: `hidden_states.${i}`,
      ...stream,
      description: i === 0 ? 'Token embeddings, the input of layer 0.' : `The residual stream between layers ${i - 1} and ${i}.`,
    })),
    {
      name: `hidden_states.${numLayers}`,
      ...stream,
      description: 'After the last layer and the final norm; the output projection makes logits of it.',
    },
    ...layers.map((i) => ({
      name: `attentions.${i}`,
      shape: `[${numHeads}, T, T]`,
      tokenShape: null,
      description: `Attention probabilities of layer ${i}: head, query, key.`,
    })),
    ...layers.flatMap((i) => [
      { name: `layers.${i}.q`, ...perToken(numHeads, headDim), description: `Queries of layer ${i}${placed(i)}.` },
      {
        name: `layers.${i}.k`,
        ...perToken(numKvHeads, headDim),
        description: `Keys of layer ${i}${placed(i)}, as the cache keeps them.`,
      },
      { name: `layers.${i}.v`, ...perToken(numKvHeads, headDim), description: `Values of layer ${i}, as the cache keeps them.` },
      { name: `layers.${i}.attn_out`, ...stream, description: `What attention adds to the residual stream in layer ${i}.` },
      {
        name: `layers.${i}.resid_mid`,
        ...stream,
        description: parallelResidual
          ? `The residual stream of layer ${i} with attention's part added; the MLP, which reads what attention reads, adds to it.`
          : `The residual stream of layer ${i} after attention, before the MLP's norm.`,
      },
      { name: `layers.${i}.mlp_out`, ...stream, description: `What the MLP adds to the residual stream in layer ${i}.` },
    ]),
  ];
}
