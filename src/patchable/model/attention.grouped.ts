/** Attention in which the query heads that share a K/V head go through it together (arXiv:2305.13245). The fastest on WASM. */
import type { AttentionFragment } from '../../engine/graph/index.ts';

export const about = {
  name: 'grouped',
  title: 'Attention, grouped',
  rule: 'Query heads that share a K/V head go through it together (arXiv:2305.13245).',
};

const attention: AttentionFragment = (g, { q, layer, wantProbabilities, ...inputs }) => {
  const { numHeads, numKvHeads, headDim, scale, softCap } = layer;
  const G = numHeads / numKvHeads; // query heads that share a K/V head
  const mask = g.once(`grouped/${layer.slidingWindow}`, () =>
    g.concat(
      Array.from({ length: G }, () => inputs.mask()),
      2,
    ),
  ); // [B, 1, G * T, S]
  const byGroup = g.transpose(g.reshape(q, ['B', 'T', numKvHeads, G, headDim]), [0, 2, 3, 1, 4]); // [B, Hkv, G, T, D]
  const queries = g.reshape(byGroup, ['B', numKvHeads, -1, headDim]); // [B, Hkv, G * T, D]
  const scores = g.softCap(g.mul(g.matmul(queries, g.transpose(inputs.keys(), [0, 1, 3, 2])), scale), softCap); // [B, Hkv, G * T, S]
  const probabilities = g.softmax(g.add(scores, mask), -1); // [B, Hkv, G * T, S]
  const heads = g.reshape(g.matmul(probabilities, inputs.values()), ['B', numKvHeads, G, 'T', headDim]);
  const output = g.reshape(g.transpose(heads, [0, 3, 1, 2, 4]), ['B', 'T', numHeads * headDim]);
  return wantProbabilities ? { output, probabilities: g.reshape(probabilities, ['B', numHeads, 'T', -1]) } : output;
};

export default attention;
