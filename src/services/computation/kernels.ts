/** Kernels as the contract tells them: what there is, what it takes, and whether it can run here. */
import { ApiError, type ArrayTensor, type Output, type TensorData } from '../../contract/index.ts';
import type { KernelNumbers } from '../../patchable/kernels/index.ts';
import { type KernelDefinition, KERNELS, type Port } from './kernel-definition.ts';
import { kernelCall, shapeOf } from './kernel-inputs.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import type { GpuInfo, Values } from '../../ports/shaders.ts';

type Summary = Output<'computation', 'kernels'>['kernels'][number];
type Detail = Output<'computation', 'kernel'>;

/** @throws ApiError not_found naming those there are */
export function findKernel(id: string): KernelDefinition {
  const kernel = KERNELS.find((candidate) => candidate.id === id);
  if (!kernel) throw new ApiError('not_found', `No kernel "${id}"; there are ${KERNELS.map((known) => known.id).join(', ')}.`);
  return kernel;
}

/** With the active source. */
export function patchedKernel(kernel: KernelDefinition, active: Pick<ActiveModel, 'patch'>): KernelDefinition {
  const patch = kernel.kind === 'wgsl' ? active.patch(kernel.resourceId) : null;
  return patch ? { ...kernel, revisionId: patch.revisionId, source: patch.exported as string } : kernel;
}

/** @param gpu the GPU, or why there is none */
export function describeKernel(kernel: KernelDefinition, gpu: GpuInfo | string): Summary {
  const hasGpu = typeof gpu !== 'string';
  const isAvailable = hasGpu || kernel.providers.includes('wasm');
  return {
    id: kernel.id,
    kind: kernel.kind,
    title: kernel.title,
    description: kernel.description,
    inputs: kernel.inputs.map(portOf),
    outputs: kernel.outputs.map(portOf),
    sizes: Object.entries(kernel.sizes).map(([name, { description, minimum = 1, maximum }]) => ({ name, description, minimum, maximum })),
    parameters: Object.entries(kernel.parameters).map(([name, { description, default: value, minimum = null, maximum = null }]) => ({
      ...{ name, description, minimum, maximum },
      default: value,
    })),
    execution_providers: [...kernel.providers],
    available: isAvailable,
    unavailable_reason: isAvailable ? null : `${String(gpu)} Its plain TypeScript reference runs instead.`,
    tolerance: kernel.tolerance,
    resource_id: kernel.resourceId,
    revision_id: kernel.revisionId,
  };
}

export function describeKernelWhole(kernel: KernelDefinition, gpu: GpuInfo | string): Detail {
  const { inputs, sizes } = kernelCall(kernel, { seed: 0 });
  return {
    ...describeKernel(kernel, gpu),
    language: kernel.kind === 'wgsl' ? 'wgsl' : 'typescript',
    source: kernel.source,
    reference: kernel.referenceSource,
    flops: kernel.flops,
    bytes_moved: kernel.bytesMoved,
    example_input: tensorsOf(kernel.inputs, inputs, sizes),
  };
}

/** Values as tensors, with the shapes of their ports. */
export function tensorsOf(
  ports: readonly Port[],
  values: Readonly<Record<string, Values>>,
  sizes: KernelNumbers,
): Record<string, ArrayTensor> {
  return Object.fromEntries(
    ports.flatMap((port) => {
      const data = values[port.name];
      return data ? [[port.name, { dtype: port.dtype, shape: shapeOf(port, sizes), data: data as TensorData }] as const] : [];
    }),
  );
}

const portOf = ({ name, shape, dtype, description }: Port): Summary['inputs'][number] => ({
  name,
  shape: [...shape],
  dtypes: [dtype],
  description,
});
