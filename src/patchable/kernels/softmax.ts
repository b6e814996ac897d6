/** Softmax over rows as a shader. */
import { type KernelReference, type ShaderKernel, spread } from '../shader-kernel.ts';

/** The reference of softmax over rows, less the largest value first so that nothing overflows. */
const reference: KernelReference = ({ x }, numbers) => {
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

const source = /* wgsl */ `// y = exp(x − max) / Σ exp(x − max) over each row: one workgroup a row, reduced in workgroup memory.
struct Params { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [rows, columns]
@group(0) @binding(2) var<uniform> params: Params;

const THREADS = 64u;
var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= params.rows) { return; }
  let first = row * params.columns;

  var largest = -3.4e38;
  for (var i = thread; i < params.columns; i += THREADS) { largest = max(largest, x[first + i]); }
  parts[thread] = largest;
  workgroupBarrier();
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    if (thread < step) { parts[thread] = max(parts[thread], parts[thread + step]); }
    workgroupBarrier();
  }
  largest = parts[0];
  workgroupBarrier();

  var sum = 0.0;
  for (var i = thread; i < params.columns; i += THREADS) { sum += exp(x[first + i] - largest); }
  parts[thread] = sum;
  workgroupBarrier();
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    if (thread < step) { parts[thread] += parts[thread + step]; }
    workgroupBarrier();
  }
  sum = parts[0];
  for (var i = thread; i < params.columns; i += THREADS) { y[first + i] = exp(x[first + i] - largest) / sum; }
}
`;

const kernel: ShaderKernel = {
  name: 'softmax',
  title: 'Softmax',
  rule: 'Rows become shares that sum to 1; one workgroup a row.',
  source,
  reference,
  inputs: [{ name: 'x', shape: ['rows', 'columns'], dtype: 'float32', description: 'Scores.' }],
  outputs: [{ name: 'y', shape: ['rows', 'columns'], dtype: 'float32', description: 'Shares.' }],
  sizes: {
    rows: { description: 'Rows, each by itself.', maximum: 1_000_000, example: 8 },
    columns: { description: 'Values of a row.', maximum: 1_000_000, example: 64 },
  },
  parameters: {},
  workgroups: (at) => spread(at['rows']!),
  flops: '5 * rows * columns',
  bytesMoved: '8 * rows * columns',
  tolerance: 1e-5,
  cases: [{ sizes: { rows: 3, columns: 100 } }, { sizes: { rows: 1, columns: 1 } }, { sizes: { rows: 2, columns: 64 }, inputScale: 60 }],
};

export default kernel;
