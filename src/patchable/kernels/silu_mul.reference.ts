/** The reference of the middle of a gated MLP: gate · sigmoid(gate) · up (arXiv:2002.05202). */
import type { KernelReference } from './shader-kernel.ts';

const siluMul: KernelReference = ({ gate, up }) => {
  const y = new Float32Array(gate!.length);
  for (let i = 0; i < y.length; i++) y[i] = (gate![i]! / (1 + Math.exp(-gate![i]!))) * up![i]!;
  return { y };
};

export default siluMul;
