/** The reference of both matrix products: c = a · b, summed in double precision. */
import type { KernelReference } from './shader-kernel.ts';

const matmul: KernelReference = ({ a, b }, numbers) => {
  const [M, N, K] = [numbers['M']!, numbers['N']!, numbers['K']!];
  const c = new Float32Array(M * N);
  for (let row = 0; row < M; row++) {
    for (let column = 0; column < N; column++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a![row * K + k]! * b![k * N + column]!;
      c[row * N + column] = sum;
    }
  }
  return { c };
};

export default matmul;
