/** Rotary positions as a shader: pairs of components turn by an angle of their token (arXiv:2104.09864). */
import { ceilDivide, type KernelReference, type ShaderKernel, spread } from '../shader-kernel.ts';

/** The reference of rotary positions: the pair (i, i + half_dim) turns by its token's angle (arXiv:2104.09864). */
const reference: KernelReference = ({ x, cosines, sines }, numbers) => {
  const [tokens, heads, half] = [numbers['tokens']!, numbers['heads']!, numbers['half_dim']!];
  const y = new Float32Array(x!.length);
  for (let token = 0; token < tokens; token++) {
    for (let head = 0; head < heads; head++) {
      const first = (token * heads + head) * 2 * half;
      for (let i = 0; i < half; i++) {
        const [cos, sin] = [cosines![token * half + i]!, sines![token * half + i]!];
        const [low, high] = [x![first + i]!, x![first + half + i]!];
        y[first + i] = low * cos - high * sin;
        y[first + half + i] = high * cos + low * sin;
      }
    }
  }
  return { y };
};

const source = /* wgsl */ `// Rotates the pairs (i, i + half_dim) of each head by an angle of its token (arXiv:2104.09864): one invocation a pair.
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
`;

const kernel: ShaderKernel = {
  name: 'rope',
  title: 'Rotary positions',
  rule: 'Pairs of components turn by an angle of their token (arXiv:2104.09864).',
  source,
  reference,
  inputs: [
    { name: 'x', shape: ['tokens', 'heads', '2 * half_dim'], dtype: 'float32', description: 'Queries or keys.' },
    { name: 'cosines', shape: ['tokens', 'half_dim'], dtype: 'float32', description: 'Of each token’s angles.' },
    { name: 'sines', shape: ['tokens', 'half_dim'], dtype: 'float32', description: 'Of the same angles.' },
  ],
  outputs: [{ name: 'y', shape: ['tokens', 'heads', '2 * half_dim'], dtype: 'float32', description: 'The turned heads.' }],
  sizes: {
    tokens: { description: 'Tokens.', maximum: 131_072, example: 8 },
    heads: { description: 'Heads of a token.', maximum: 256, example: 4 },
    half_dim: { description: 'Pairs of a head: half its components.', maximum: 256, example: 8 },
  },
  parameters: {},
  workgroups: (sizes) => spread(ceilDivide(sizes['tokens']! * sizes['heads']! * sizes['half_dim']!, 64)),
  flops: '6 * tokens * heads * half_dim',
  bytesMoved: '16 * tokens * heads * half_dim + 8 * tokens * half_dim',
  tolerance: 1e-5,
  cases: [{ sizes: { tokens: 5, heads: 3, half_dim: 6 } }, { sizes: { tokens: 1, heads: 1, half_dim: 1 } }],
};

export default kernel;
