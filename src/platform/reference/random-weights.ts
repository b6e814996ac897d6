/** Weights from a seed: no training, but a model whose every token depends on every key and value before it. */
import { randomAt } from '../../engine/sampler.ts';
import type { ReferenceConfig, ReferenceWeights } from './llama.ts';

export const TINY_CONFIG: ReferenceConfig = {
  vocabSize: 24,
  hiddenSize: 8,
  intermediateSize: 16,
  numLayers: 1,
  numHeads: 2,
  numKvHeads: 1,
  headDim: 4,
  maxPositionEmbeddings: 64,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
};

export function randomWeights(config: ReferenceConfig, seed: number): ReferenceWeights {
  const random = randomAt(seed, 0, 0);
  const matrix = (out: number, input: number): Float32Array =>
    Float32Array.from({ length: out * input }, () => normal(random) / Math.sqrt(input));
  const { vocabSize, hiddenSize, intermediateSize, numLayers, numHeads, numKvHeads, headDim } = config;
  const ones = (): Float32Array => new Float32Array(hiddenSize).fill(1);
  return {
    embedding: matrix(vocabSize, hiddenSize).map((value) => value * Math.sqrt(hiddenSize)),
    layers: Array.from({ length: numLayers }, () => ({
      inputNorm: ones(),
      // Larger queries and values: attention is sharp and weighs as much as the token itself.
      qProj: matrix(numHeads * headDim, hiddenSize).map((value) => value * 2),
      kProj: matrix(numKvHeads * headDim, hiddenSize),
      vProj: matrix(numKvHeads * headDim, hiddenSize).map((value) => value * 2),
      oProj: matrix(hiddenSize, numHeads * headDim).map((value) => value * 2),
      postNorm: ones(),
      gateProj: matrix(intermediateSize, hiddenSize),
      upProj: matrix(intermediateSize, hiddenSize),
      downProj: matrix(hiddenSize, intermediateSize),
    })),
    finalNorm: ones(),
    lmHead: matrix(vocabSize, hiddenSize),
  };
}

/** Box-Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
