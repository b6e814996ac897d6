/** The product of two matrices as a shader, in the plainest way. */
import { ceilDivide, type KernelReference, type ShaderKernel } from '../shader-kernel.ts';

/** The reference of both matrix products: c = a · b, summed in double precision. */
const reference: KernelReference = ({ a, b }, numbers) => {
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

const source = /* wgsl */ `// c = a · b, one invocation for each element of c: every operand is read from memory K times over.
struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<storage, read> a: array<f32>; // [M, K]
@group(0) @binding(1) var<storage, read> b: array<f32>; // [K, N]
@group(0) @binding(2) var<storage, read_write> c: array<f32>; // [M, N]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (row >= params.M || column >= params.N) { return; }
  var sum = 0.0;
  for (var k = 0u; k < params.K; k++) {
    sum += a[row * params.K + k] * b[k * params.N + column];
  }
  c[row * params.N + column] = sum;
}
`;

const kernel: ShaderKernel = {
  name: 'matmul_naive',
  title: 'Matrix product, naive',
  rule: 'One invocation for each element of the product, all operands from memory.',
  source,
  reference,
  inputs: [
    { name: 'a', shape: ['M', 'K'], dtype: 'float32', description: 'The left matrix.' },
    { name: 'b', shape: ['K', 'N'], dtype: 'float32', description: 'The right matrix.' },
  ],
  outputs: [{ name: 'c', shape: ['M', 'N'], dtype: 'float32', description: 'Their product.' }],
  sizes: {
    M: { description: 'Rows of a and c.', maximum: 8192, example: 32 },
    N: { description: 'Columns of b and c.', maximum: 65_536, example: 32 },
    K: { description: 'Columns of a, rows of b.', maximum: 8192, example: 32 },
  },
  parameters: {},
  workgroups: (sizes) => [ceilDivide(sizes['N']!, 8), ceilDivide(sizes['M']!, 8), 1],
  flops: '2 * M * N * K',
  bytesMoved: '4 * M * K + 4 * K * N + 4 * M * N',
  tolerance: 1e-3,
  cases: [{ sizes: { M: 5, N: 7, K: 3 } }, { sizes: { M: 17, N: 19, K: 33 } }, { sizes: { M: 1, N: 1, K: 1 } }],
};

export default kernel;
