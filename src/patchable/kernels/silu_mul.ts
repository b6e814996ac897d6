/** The middle of a gated MLP as a shader (arXiv:2002.05202). */
import { ceilDivide, type KernelReference, type ShaderKernel, spread } from '../shader-kernel.ts';

/** The reference of the middle of a gated MLP: gate · sigmoid(gate) · up (arXiv:2002.05202). */
const reference: KernelReference = ({ gate, up }) => {
  const y = new Float32Array(gate!.length);
  for (let i = 0; i < y.length; i++) y[i] = (gate![i]! / (1 + Math.exp(-gate![i]!))) * up![i]!;
  return { y };
};

const source = /* wgsl */ `// y = gate · sigmoid(gate) · up: the middle of a gated MLP (arXiv:2002.05202), one invocation an element.
struct Params { elements: u32 }

@group(0) @binding(0) var<storage, read> gate: array<f32>; // [elements]
@group(0) @binding(1) var<storage, read> up: array<f32>; // [elements]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [elements]
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (group.y * groups.x + group.x) * 64u + thread;
  if (i >= params.elements) { return; }
  y[i] = gate[i] / (1.0 + exp(-gate[i])) * up[i];
}
`;

const kernel: ShaderKernel = {
  name: 'silu_mul',
  title: 'SiLU times',
  rule: 'gate · sigmoid(gate) · up, the middle of a gated MLP (arXiv:2002.05202).',
  source,
  reference,
  inputs: [
    { name: 'gate', shape: ['elements'], dtype: 'float32', description: 'The gate.' },
    { name: 'up', shape: ['elements'], dtype: 'float32', description: 'What it lets through.' },
  ],
  outputs: [{ name: 'y', shape: ['elements'], dtype: 'float32', description: 'Their product.' }],
  sizes: { elements: { description: 'Elements.', maximum: 1_000_000, example: 256 } },
  parameters: {},
  workgroups: (sizes) => spread(ceilDivide(sizes['elements']!, 64)),
  flops: '5 * elements',
  bytesMoved: '12 * elements',
  tolerance: 1e-5,
  cases: [{ sizes: { elements: 131 } }, { sizes: { elements: 1 } }],
};

export default kernel;
