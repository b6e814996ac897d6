/** Attention to the last tokens only (arXiv:2004.05150): what lies further back than the window is not seen. */
import type { AttentionFragment } from '../../engine/graph/index.ts';

/** Keys that a query sees, itself included, in layers whose config sets no window. */
const WINDOW = 64;

export const about = {
  name: 'sliding_window',
  title: 'Attention, sliding window',
  rule: 'Only the last keys are seen (arXiv:2004.05150).',
  window: WINDOW,
};

const attention: AttentionFragment = (g, { q, layer, wantProbabilities, ...inputs }) => {
  const { numHeads, numKvHeads, headDim, scale, softCap } = layer;
  const perKvHead = numHeads / numKvHeads; // query heads that share a K/V head
  const mask = inputs.mask(layer.slidingWindow ?? WINDOW); // [B, 1, T, S]
  const queries = g.transpose(q, [0, 2, 1, 3]); // [B, H, T, D]
  const keys = g.repeat(inputs.keys(), 1, perKvHead); // [B, H, S, D]
  const values = g.repeat(inputs.values(), 1, perKvHead); // [B, H, S, D]
  const scores = g.softCap(g.mul(g.matmul(queries, g.transpose(keys, [0, 1, 3, 2])), scale), softCap); // [B, H, T, S]
  const probabilities = g.softmax(g.add(scores, mask), -1); // [B, H, T, S]
  const heads = g.matmul(probabilities, values); // [B, H, T, D]
  const output = g.reshape(g.transpose(heads, [0, 2, 1, 3]), ['B', 'T', numHeads * headDim]);
  return wantProbabilities ? { output, probabilities } : output;
};

export default attention;
