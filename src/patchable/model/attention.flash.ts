/** Attention by the runtime's fused operator, which need not form the scores (arXiv:2205.14135). The default on WebGPU. */
import type { AttentionFragment } from '../../engine/graph/index.ts';

export const about = {
  name: 'flash_attention',
  title: 'Attention, fused',
  rule: 'The runtime’s fused operator, which need not form the scores (arXiv:2205.14135).',
  fused: true,
};

const attention: AttentionFragment = (g, { q, k, v, pastK, pastV, layer, ...inputs }) => {
  const { numHeads, numKvHeads, headDim } = layer;
  const output = g.groupQueryAttention(
    g.reshape(q, ['B', 'T', numHeads * headDim]),
    g.reshape(k, ['B', 'T', numKvHeads * headDim]),
    g.reshape(v, ['B', 'T', numKvHeads * headDim]),
    pastK, // [B, Hkv, P, D]
    pastV,
    { ...layer, totalLengths: inputs.totalLengths, maxTotalLength: inputs.maxTotalLength },
  ); // [B, T, H * D]
  return inputs.wantProbabilities ? { output, probabilities: inputs.probabilities() } : output;
};

export default attention;
