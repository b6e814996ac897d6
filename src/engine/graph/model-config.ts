/** Completes a config: a trait that an architecture says nothing of is that of a plain decoder, so that a new trait touches no other architecture. */
import type { LayerConfig, ModelConfig } from './config.ts';

const PLAIN = {
  embeddingScale: 1,
  residualScale: 1,
  logits: { scale: 1, softCap: null },
  qkNorm: false,
  postNorms: false,
  parallelResidual: false,
} satisfies Partial<ModelConfig>;

/** A trait that may be left out. */
export type PlainTrait = keyof typeof PLAIN;

/** What an architecture must say, what it may, and of each layer what differs from the default. */
export type ConfigTraits = Omit<ModelConfig, PlainTrait | 'norm' | 'layers'> &
  Partial<Pick<ModelConfig, PlainTrait>> & {
    norm: Omit<ModelConfig['norm'], 'offset'> & { offset?: number };
    layer?: (index: number) => Partial<LayerConfig>;
  };

export function modelConfig({ layer = () => ({}), norm, ...traits }: ConfigTraits): ModelConfig {
  const { numLayers, numHeads, numKvHeads, headDim } = traits;
  const plain = { numHeads, numKvHeads, headDim, scale: headDim ** -0.5, softCap: null, slidingWindow: null, rope: null };
  return {
    ...PLAIN,
    ...traits,
    norm: { offset: 0, ...norm },
    layers: Array.from({ length: numLayers }, (_, index): LayerConfig => ({ index, ...plain, ...layer(index) })),
  };
}
