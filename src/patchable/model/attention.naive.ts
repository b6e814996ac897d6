/** Attention as in the paper (arXiv:1706.03762): every score is formed. Easy to read and to change. */
import type { AttentionFragment } from '../../engine/graph/index.ts';

export const about = {
  name: 'naive',
  title: 'Attention, naive',
  rule: 'Every score is formed (arXiv:1706.03762).',
};

const attention: AttentionFragment = (g, { q, layer, wantProbabilities, ...inputs }) => {
  const { numHeads, numKvHeads, headDim, scale, softCap } = layer;
  const perKvHead = numHeads / numKvHeads; // query heads that share a K/V head
  const queries = g.transpose(q, [0, 2, 1, 3]); // [B, H, T, D]
  const keys = g.repeat(inputs.keys(), 1, perKvHead); // [B, H, S, D]
  const values = g.repeat(inputs.values(), 1, perKvHead); // [B, H, S, D]
  const scores = g.softCap(g.mul(g.matmul(queries, g.transpose(keys, [0, 1, 3, 2])), scale), softCap); // [B, H, T, S]
  const probabilities = g.softmax(g.add(scores, inputs.mask()), -1); // [B, H, T, S]
  const heads = g.matmul(probabilities, values); // [B, H, T, D]
  const output = g.reshape(g.transpose(heads, [0, 2, 1, 3]), ['B', 'T', numHeads * headDim]);
  return wantProbabilities ? { output, probabilities } : output;
};

export default attention;
