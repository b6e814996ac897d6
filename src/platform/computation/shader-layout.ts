/** What a kernel binds, told to the device: a shader that binds something else is refused, and one may leave a binding unused. */

export interface ShaderLayout {
  pipeline: GPUPipelineLayout;
  /** Inputs, outputs, uniform. */
  group: GPUBindGroupLayout;
  /** Where a shader that watches itself tells what it saw. */
  probe: GPUBindGroupLayout | null;
}

export function layoutOf(device: GPUDevice, inputs: number, outputs: number, hasProbe = false): ShaderLayout {
  const group = groupOf(device, [...repeat('read-only-storage', inputs), ...repeat('storage', outputs), 'uniform']);
  const probe = hasProbe ? groupOf(device, ['storage', 'uniform']) : null;
  return { pipeline: device.createPipelineLayout({ bindGroupLayouts: probe ? [group, probe] : [group] }), group, probe };
}

const repeat = (type: GPUBufferBindingType, times: number): GPUBufferBindingType[] => Array.from({ length: times }, () => type);

const groupOf = (device: GPUDevice, types: readonly GPUBufferBindingType[]): GPUBindGroupLayout =>
  device.createBindGroupLayout({
    entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  });
