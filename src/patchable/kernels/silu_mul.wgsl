// y = gate · sigmoid(gate) · up: the middle of a gated MLP (arXiv:2002.05202), one invocation an element.
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
