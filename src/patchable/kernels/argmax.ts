/** Greedy sampling as a shader: the place of the largest value of each row. */
import { type KernelReference, type ShaderKernel, spread } from '../shader-kernel.ts';

/** The reference of argmax over rows: the first of the largest values. */
const reference: KernelReference = ({ x }, numbers) => {
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

const source = /* wgsl */ `// The place of the largest value of each row, the first of equal ones: one workgroup a row.
struct Params { rows: u32, columns: u32 }

@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> index: array<i32>; // [rows]
@group(0) @binding(2) var<uniform> params: Params;

const THREADS = 64u;
var<workgroup> values: array<f32, 64>;
var<workgroup> places: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let row = group.y * groups.x + group.x;
  if (row >= params.rows) { return; }
  let first = row * params.columns;

  var place = min(thread, params.columns - 1u);
  for (var i = thread + THREADS; i < params.columns; i += THREADS) {
    if (x[first + i] > x[first + place]) { place = i; }
  }
  values[thread] = x[first + place];
  places[thread] = place;
  workgroupBarrier();
  for (var step = THREADS / 2u; step > 0u; step /= 2u) {
    if (thread < step) {
      let other = thread + step;
      let is_larger = values[other] > values[thread];
      let is_equal_and_before = values[other] == values[thread] && places[other] < places[thread];
      if (is_larger || is_equal_and_before) {
        values[thread] = values[other];
        places[thread] = places[other];
      }
    }
    workgroupBarrier();
  }
  if (thread == 0u) { index[row] = i32(places[0]); }
}
`;

const kernel: ShaderKernel = {
  name: 'argmax',
  title: 'Argmax',
  rule: 'The place of the largest value of each row, the first of equal ones: greedy sampling.',
  source,
  reference,
  inputs: [{ name: 'x', shape: ['rows', 'columns'], dtype: 'float32', description: 'Logits.' }],
  outputs: [{ name: 'index', shape: ['rows'], dtype: 'int32', description: 'Places of the largest values.' }],
  sizes: {
    rows: { description: 'Rows, each by itself.', maximum: 1_000_000, example: 1 },
    columns: { description: 'Values of a row.', maximum: 1_000_000, example: 256 },
  },
  parameters: {},
  workgroups: (sizes) => spread(sizes['rows']!),
  flops: 'rows * columns',
  bytesMoved: '4 * rows * columns + 4 * rows',
  tolerance: 0,
  cases: [{ sizes: { rows: 5, columns: 300 } }, { sizes: { rows: 2, columns: 3 } }, { sizes: { rows: 1, columns: 1 } }],
};

export default kernel;
