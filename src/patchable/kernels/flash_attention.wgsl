// Attention that never forms the scores (arXiv:2205.14135): keys and values come by tiles into workgroup memory, and a
// running maximum and sum rescale what was gathered before. One invocation a query; queries are the last of the keys.
struct Params { heads: u32, kv_heads: u32, queries: u32, keys: u32, head_dim: u32, causal: f32, scale: f32 }

@group(0) @binding(0) var<storage, read> q: array<f32>; // [heads, queries, head_dim]
@group(0) @binding(1) var<storage, read> k: array<f32>; // [kv_heads, keys, head_dim]
@group(0) @binding(2) var<storage, read> v: array<f32>; // [kv_heads, keys, head_dim]
@group(0) @binding(3) var<storage, read_write> output: array<f32>; // [heads, queries, head_dim]
@group(0) @binding(4) var<uniform> params: Params;

const QUERIES = 32u; // of a workgroup
const TILE = 16u; // keys at once
const MAX_DIM = 128u;
var<workgroup> tile_k: array<f32, 2048>; // TILE * MAX_DIM
var<workgroup> tile_v: array<f32, 2048>;

@compute @workgroup_size(32)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let dim = params.head_dim;
  let head = group.y;
  let kv_first = (head / (params.heads / params.kv_heads)) * params.keys * dim;
  let query = group.x * QUERIES + thread;
  let is_used = query < params.queries;
  let q_first = (head * params.queries + query) * dim;
  var scale = params.scale;
  if (scale == 0.0) { scale = inverseSqrt(f32(dim)); }
  // The last query stands at the last key.
  var last_key = params.keys - 1u;
  if (params.causal != 0.0) { last_key = params.keys + min(query, params.queries - 1u) - params.queries; }

  var own: array<f32, MAX_DIM>;
  var gathered: array<f32, MAX_DIM>;
  if (is_used) { for (var d = 0u; d < dim; d++) { own[d] = q[q_first + d] * scale; } }
  var largest = -3.4e38;
  var sum = 0.0;

  for (var start = 0u; start < params.keys; start += TILE) {
    let count = min(TILE, params.keys - start);
    for (var i = thread; i < count * dim; i += QUERIES) {
      tile_k[i] = k[kv_first + start * dim + i];
      tile_v[i] = v[kv_first + start * dim + i];
    }
    workgroupBarrier();
    if (is_used) {
      for (var j = 0u; j < count; j++) {
        if (start + j > last_key) { break; }
        var score = 0.0;
        for (var d = 0u; d < dim; d++) { score += own[d] * tile_k[j * dim + d]; }
        let next = max(largest, score);
        let keep = exp(largest - next);
        let share = exp(score - next);
        sum = sum * keep + share;
        for (var d = 0u; d < dim; d++) { gathered[d] = gathered[d] * keep + share * tile_v[j * dim + d]; }
        largest = next;
      }
    }
    workgroupBarrier();
  }
  if (is_used) { for (var d = 0u; d < dim; d++) { output[q_first + d] = gathered[d] / sum; } }
}
