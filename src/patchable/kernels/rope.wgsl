// Rotates the pairs (i, i + half_dim) of each head by an angle of its token (arXiv:2104.09864): one invocation a pair.
// Cosines and sines come from a table, since WGSL's own are not exact for large angles.
struct Params { tokens: u32, heads: u32, half_dim: u32 }

@group(0) @binding(0) var<storage, read> x: array<f32>; // [tokens, heads, 2 * half_dim]
@group(0) @binding(1) var<storage, read> cosines: array<f32>; // [tokens, half_dim]
@group(0) @binding(2) var<storage, read> sines: array<f32>; // [tokens, half_dim]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [tokens, heads, 2 * half_dim]
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = (group.y * groups.x + group.x) * 64u + thread;
  if (index >= params.tokens * params.heads * params.half_dim) { return; }
  let pair = index % params.half_dim;
  let head = index / params.half_dim; // of all tokens
  let angle = (head / params.heads) * params.half_dim + pair;
  let low = head * 2u * params.half_dim + pair;
  let high = low + params.half_dim;
  y[low] = x[low] * cosines[angle] - x[high] * sines[angle];
  y[high] = x[high] * cosines[angle] + x[low] * sines[angle];
}
