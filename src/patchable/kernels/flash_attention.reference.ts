/** The reference of attention: softmax(q kᵀ · scale) v with every score formed (arXiv:1706.03762); queries are the last of the keys. */
import type { KernelReference } from './shader-kernel.ts';

const attention: KernelReference = ({ q, k, v }, numbers) => {
  const [heads, kvHeads, queries] = [numbers['heads']!, numbers['kv_heads']!, numbers['queries']!];
  const [keys, dim] = [numbers['keys']!, numbers['head_dim']!];
  const scale = numbers['scale'] || 1 / Math.sqrt(dim);
  const output = new Float32Array(heads * queries * dim);
  for (let head = 0; head < heads; head++) {
    const kvFirst = Math.floor((head * kvHeads) / heads) * keys * dim;
    for (let query = 0; query < queries; query++) {
      const first = (head * queries + query) * dim;
      const seen = numbers['causal'] ? keys - queries + query + 1 : keys;
      const scores = Array.from({ length: seen }, (_, key) => {
        let score = 0;
        for (let d = 0; d < dim; d++) score += q![first + d]! * k![kvFirst + key * dim + d]!;
        return score * scale;
      });
      const largest = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - largest));
      const sum = shares.reduce((a, b) => a + b, 0);
      for (let d = 0; d < dim; d++) {
        let value = 0;
        for (let key = 0; key < seen; key++) value += shares[key]! * v![kvFirst + key * dim + d]!;
        output[first + d] = value / sum;
      }
    }
  }
  return { output };
};

export default attention;
