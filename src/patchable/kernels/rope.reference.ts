/** The reference of rotary positions: the pair (i, i + half_dim) turns by its token's angle (arXiv:2104.09864). */
import type { KernelReference } from './shader-kernel.ts';

const rope: KernelReference = ({ x, cosines, sines }, numbers) => {
  const [tokens, heads, half] = [numbers['tokens']!, numbers['heads']!, numbers['half_dim']!];
  const y = new Float32Array(x!.length);
  for (let token = 0; token < tokens; token++) {
    for (let head = 0; head < heads; head++) {
      const first = (token * heads + head) * 2 * half;
      for (let i = 0; i < half; i++) {
        const [cos, sin] = [cosines![token * half + i]!, sines![token * half + i]!];
        const [low, high] = [x![first + i]!, x![first + half + i]!];
        y[first + i] = low * cos - high * sin;
        y[first + half + i] = high * cos + low * sin;
      }
    }
  }
  return { y };
};

export default rope;
