/** RMSNorm over rows as a shader (arXiv:1910.07467). */
import { type KernelReference, type ShaderKernel, spread } from '../shader-kernel.ts';

/** The reference of RMSNorm over rows (arXiv:1910.07467). */
const reference: KernelReference = ({ x, weight }, numbers) => {
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

const source = /* wgsl */ `// y = x / sqrt(mean(x²) + ε) · weight over each row (arXiv:1910.07467): one workgroup a row.
struct Params { rows: u32, columns: u32, epsilon: f32 }

@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read> weight: array<f32>; // [columns]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [rows, columns]
@group(0) @binding(3) var<uniform> params: Params;

const THREADS = 64u;
var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= params.rows) { return; }
  let first = row * params.columns;

  var sum = 0.0;
  for (var i = thread; i < params.columns; i += THREADS) { sum += x[first + i] * x[first + i]; }
  parts[thread] = sum;
  workgroupBarrier();
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    if (thread < step) { parts[thread] += parts[thread + step]; }
    workgroupBarrier();
  }
  let scale = inverseSqrt(parts[0] / f32(params.columns) + params.epsilon);
  for (var i = thread; i < params.columns; i += THREADS) { y[first + i] = x[first + i] * scale * weight[i]; }
}
`;

const kernel: ShaderKernel = {
  name: 'rms_norm',
  title: 'RMSNorm',
  rule: 'Rows are divided by their root mean square and weighted (arXiv:1910.07467).',
  source,
  reference,
  inputs: [
    { name: 'x', shape: ['rows', 'columns'], dtype: 'float32', description: 'The rows.' },
    { name: 'weight', shape: ['columns'], dtype: 'float32', description: 'A factor for each column.' },
  ],
  outputs: [{ name: 'y', shape: ['rows', 'columns'], dtype: 'float32', description: 'The normalised rows.' }],
  sizes: {
    rows: { description: 'Rows, each by itself.', maximum: 1_000_000, example: 8 },
    columns: { description: 'Values of a row.', maximum: 1_000_000, example: 64 },
  },
  parameters: { epsilon: { description: 'Keeps the divisor from 0.', default: 1e-5, minimum: 0 } },
  workgroups: (at) => spread(at['rows']!),
  flops: '4 * rows * columns',
  bytesMoved: '8 * rows * columns + 4 * columns',
  tolerance: 1e-4,
  cases: [{ sizes: { rows: 3, columns: 130 } }, { sizes: { rows: 2, columns: 1 }, parameters: { epsilon: 0.5 } }],
};

export default kernel;
