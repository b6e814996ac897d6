// y = x / sqrt(mean(x²) + ε) · weight over each row (arXiv:1910.07467): one workgroup a row.
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
