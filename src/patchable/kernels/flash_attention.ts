/** Attention as a shader, by tiles of keys with a running softmax (arXiv:2205.14135). */
import { ceilDivide, type KernelReference, type ShaderKernel } from '../shader-kernel.ts';

/** The reference of attention: softmax(q kᵀ · scale) v with every score formed (arXiv:1706.03762); queries are the last of the keys. */
const reference: KernelReference = ({ q, k, v }, numbers) => {
  const [heads, kvHeads, queries] = [numbers['heads']!, numbers['kv_heads']!, numbers['queries']!];
  const [keys, dim] = [numbers['keys']!, numbers['head_dim']!];
  const scale = numbers['scale'] || 1 / Math.sqrt(dim);
  const output = new Float32Array(heads * queries * dim);
  for (let head = 0; head < heads; head++) {
    const kvFirst = Math.floor((head * kvHeads) / heads) * keys * dim;
    for (let query = 0; query < queries; query++) {
      const first = (head * queries + query) * dim;
      const seen = numbers['causal'] ? keys - queries + query + 1 : keys;
      const scores = Array.from({ length: seen }, (_, key) => {
        let score = 0;
        for (let d = 0; d < dim; d++) score += q![first + d]! * k![kvFirst + key * dim + d]!;
        return score * scale;
      });
      const largest = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - largest));
      const sum = shares.reduce((a, b) => a + b, 0);
      for (let d = 0; d < dim; d++) {
        let value = 0;
        for (let key = 0; key < seen; key++) value += shares[key]! * v![kvFirst + key * dim + d]!;
        output[first + d] = value / sum;
      }
    }
  }
  return { output };
};

const source = /* wgsl */ `// Attention that never forms the scores (arXiv:2205.14135): keys and values come by tiles into workgroup memory, and a
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
`;

const kernel: ShaderKernel = {
  name: 'flash_attention',
  title: 'Flash attention',
  rule: 'Attention by tiles of 16 keys with a running softmax, so that the scores are never written (arXiv:2205.14135).',
  source,
  reference,
  inputs: [
    { name: 'q', shape: ['heads', 'queries', 'head_dim'], dtype: 'float32', description: 'Queries, the last of the keys’ positions.' },
    { name: 'k', shape: ['kv_heads', 'keys', 'head_dim'], dtype: 'float32', description: 'Keys.' },
    { name: 'v', shape: ['kv_heads', 'keys', 'head_dim'], dtype: 'float32', description: 'Values.' },
  ],
  outputs: [{ name: 'output', shape: ['heads', 'queries', 'head_dim'], dtype: 'float32', description: 'What each query gathered.' }],
  sizes: {
    heads: { description: 'Query heads, a multiple of kv_heads.', maximum: 256, example: 4 },
    kv_heads: { description: 'Heads of keys and values.', maximum: 256, example: 2 },
    queries: { description: 'Queries, at most as many as keys.', maximum: 16_384, example: 16 },
    keys: { description: 'Keys and values.', maximum: 16_384, example: 16 },
    head_dim: { description: 'Components of a head.', maximum: 128, example: 16 },
  },
  parameters: {
    causal: { description: '1: a query sees the keys up to its own position. 0: all.', default: 1, minimum: 0, maximum: 1 },
    scale: { description: 'Factor on the scores; 0 stands for 1 / sqrt(head_dim).', default: 0, minimum: 0 },
  },
  workgroups: (sizes) => [ceilDivide(sizes['queries']!, 32), sizes['heads']!, 1],
  flops: '4 * heads * queries * keys * head_dim',
  bytesMoved: '8 * heads * queries * head_dim + 8 * kv_heads * keys * head_dim',
  tolerance: 1e-4,
  cases: [
    { sizes: { heads: 4, kv_heads: 2, queries: 37, keys: 51, head_dim: 16 } },
    { sizes: { heads: 2, kv_heads: 2, queries: 5, keys: 18, head_dim: 6 }, parameters: { causal: 0, scale: 0.3 } },
    { sizes: { heads: 1, kv_heads: 1, queries: 1, keys: 1, head_dim: 128 } },
  ],
};

export default kernel;
