/** The reference of the graph's attention kernels: past and new keys, causal, with a window where one is given; every score is formed. */
import type { KernelReference } from './shader-kernel.ts';

/** Padded queries, those from a sequence's `lengths` on, give zeros. */
const attention: KernelReference = (inputs, numbers) => {
  const { q, k, v, past_k: pastK, past_v: pastV, past_lengths: pastLengths, lengths } = inputs;
  const [batch, tokens, past] = [numbers['batch']!, numbers['tokens']!, numbers['past']!];
  const [heads, kvHeads, dim] = [numbers['heads']!, numbers['kv_heads']!, numbers['head_dim']!];
  const scale = numbers['scale'] || 1 / Math.sqrt(dim);
  const window = numbers['window'] || Infinity;
  const output = new Float32Array(batch * tokens * heads * dim); // [B, T, H * D]
  for (let b = 0; b < batch; b++) {
    const before = pastLengths ? pastLengths[b]! : past;
    for (let t = 0; t < (lengths ? lengths[b]! : tokens); t++) {
      for (let head = 0; head < heads; head++) {
        const kvHead = Math.floor((head * kvHeads) / heads);
        const first = ((b * tokens + t) * heads + head) * dim;
        /** Where a position's key begins, among the past's or the new ones. */
        const placeOf = (position: number): [keys: typeof k, values: typeof v, at: number] =>
          position < before
            ? [pastK, pastV, ((b * kvHeads + kvHead) * past + position) * dim]
            : [k, v, ((b * tokens + position - before) * kvHeads + kvHead) * dim];
        const own = before + t;
        const from = Math.max(0, own - window + 1);
        const scores: number[] = [];
        for (let position = from; position <= own; position++) {
          const [keys, , at] = placeOf(position);
          let score = 0;
          for (let d = 0; d < dim; d++) score += q![first + d]! * keys![at + d]!;
          scores.push(score * scale);
        }
        const largest = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - largest));
        const sum = shares.reduce((a, c) => a + c, 0);
        shares.forEach((share, i) => {
          const [, values, at] = placeOf(from + i);
          for (let d = 0; d < dim; d++) output[first + d]! += (share / sum) * values![at + d]!;
        });
      }
    }
  }
  return { output };
};

export default attention;
