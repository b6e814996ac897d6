/** The reference of softmax over rows, less the largest value first so that nothing overflows. */
import type { KernelReference } from './shader-kernel.ts';

const softmax: KernelReference = ({ x }, numbers) => {
  const columns = numbers['columns']!;
  const y = new Float32Array(x!.length);
  for (let first = 0; first < y.length; first += columns) {
    const row = x!.subarray(first, first + columns);
    let largest = -Infinity;
    for (const value of row) largest = Math.max(largest, value);
    let sum = 0;
    for (const value of row) sum += Math.exp(value - largest);
    for (let i = 0; i < columns; i++) y[first + i] = Math.exp(row[i]! - largest) / sum;
  }
  return { y };
};

export default softmax;
