/** The product of two matrices as a shader, by tiles in workgroup memory. */
import { ceilDivide, type ShaderKernel } from '../shader-kernel.ts';
import naive from './matmul_naive.ts';

const source = /* wgsl */ `// c = a · b by tiles of 16 × 16 in workgroup memory: each operand is read from memory K / 16 times.
struct Params { M: u32, N: u32, K: u32 }

@group(0) @binding(0) var<storage, read> a: array<f32>; // [M, K]
@group(0) @binding(1) var<storage, read> b: array<f32>; // [K, N]
@group(0) @binding(2) var<storage, read_write> c: array<f32>; // [M, N]
@group(0) @binding(3) var<uniform> params: Params;

const TILE = 16u;
var<workgroup> tile_a: array<f32, 256>;
var<workgroup> tile_b: array<f32, 256>;

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = id.x;
  let row = id.y;
  let place = local.y * TILE + local.x;
  var sum = 0.0;
  for (var start = 0u; start < params.K; start += TILE) {
    let k_a = start + local.x;
    let k_b = start + local.y;
    tile_a[place] = 0.0;
    tile_b[place] = 0.0;
    if (row < params.M && k_a < params.K) { tile_a[place] = a[row * params.K + k_a]; }
    if (column < params.N && k_b < params.K) { tile_b[place] = b[k_b * params.N + column]; }
    workgroupBarrier();
    for (var k = 0u; k < TILE; k++) {
      sum += tile_a[local.y * TILE + k] * tile_b[k * TILE + local.x];
    }
    workgroupBarrier();
  }
  if (row < params.M && column < params.N) { c[row * params.N + column] = sum; }
}
`;

const kernel: ShaderKernel = {
  ...naive,
  name: 'matmul_tiled',
  title: 'Matrix product, tiled',
  rule: 'Tiles of 16 × 16 go through workgroup memory, so that each operand is read K / 16 times.',
  source,
  workgroups: (sizes) => [ceilDivide(sizes['N']!, 16), ceilDivide(sizes['M']!, 16), 1],
};

export default kernel;
