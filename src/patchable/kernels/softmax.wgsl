// y = exp(x − max) / Σ exp(x − max) over each row: one workgroup a row, reduced in workgroup memory.
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
