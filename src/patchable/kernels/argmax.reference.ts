/** The reference of argmax over rows: the first of the largest values. */
import type { KernelReference } from './shader-kernel.ts';

const argmax: KernelReference = ({ x }, numbers) => {
  const [rows, columns] = [numbers['rows']!, numbers['columns']!];
  const index = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let best = 0;
    for (let i = 1; i < columns; i++) if (x![first + i]! > x![first + best]!) best = i;
    index[row] = best;
  }
  return { index };
};

export default argmax;
