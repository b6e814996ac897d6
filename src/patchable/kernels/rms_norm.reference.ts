/** The reference of RMSNorm over rows (arXiv:1910.07467). */
import type { KernelReference } from './shader-kernel.ts';

const rmsNorm: KernelReference = ({ x, weight }, numbers) => {
  const [columns, epsilon] = [numbers['columns']!, numbers['epsilon']!];
  const y = new Float32Array(x!.length);
  for (let first = 0; first < y.length; first += columns) {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += x![first + i]! ** 2;
    const scale = 1 / Math.sqrt(sum / columns + epsilon);
    for (let i = 0; i < columns; i++) y[first + i] = x![first + i]! * scale * weight![i]!;
  }
  return { y };
};

export default rmsNorm;
