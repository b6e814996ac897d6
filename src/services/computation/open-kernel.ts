/** A kernel made ready to run on one input, as often as wanted: a session for a fragment, a pipeline for a shader, plain TypeScript for want of both. */
import { messageOf } from '../../environment/thrown.ts';
import { ApiError, invalidInput } from '../../contract/index.ts';
import { GraphError } from '../../engine/graph/index.ts';
import { attentionGraph, attentionRuns, clearPadding } from './attention-graph.ts';
import type { AttentionDefinition, KernelDefinition, ShaderDefinition } from './kernel-definition.ts';
import { elementsOf, type KernelCall } from './kernel-inputs.ts';
import type { ComputationPlatform } from '../../ports/computation-platform.ts';
import type { Provider } from '../../ports/provider.ts';
import { ShaderError, type Values } from '../../ports/shaders.ts';

/** Of a run of a patched shader: the built-in ones end for any sizes. */
const PATCHED_LIMIT_MS = 60_000;

export interface OpenKernel {
  provider: Provider | 'reference';
  /** Why it is another provider than wanted. */
  fallbackReason: string | null;
  buildMs: number;
  /** @param read whether the outputs are wanted, which costs a copy from the GPU */
  run(read: boolean): Promise<{ outputs: Record<string, Values>; runMs: number; gpuMs: number | null }>;
  close(): Promise<void>;
}

/**
 * @param wanted `auto`: WASM for fragments, the GPU for shaders
 * @throws ApiError code_invalid where the code does not compile
 */
export async function openKernel(
  platform: ComputationPlatform,
  kernel: KernelDefinition,
  call: KernelCall,
  wanted: Provider | 'auto' = 'auto',
): Promise<OpenKernel> {
  try {
    return kernel.kind === 'wgsl' ? await openShader(platform, kernel, call) : await openAttention(platform, kernel, call, wanted);
  } catch (error) {
    throw codeProblem(kernel.id, error);
  }
}

async function openAttention(
  platform: ComputationPlatform,
  kernel: AttentionDefinition,
  call: KernelCall,
  wanted: Provider | 'auto',
): Promise<OpenKernel> {
  const gpu = wanted === 'webgpu' ? await platform.gpu() : null;
  const provider: Provider = wanted === 'webgpu' && typeof gpu !== 'string' ? 'webgpu' : 'wasm';
  const start = performance.now();
  const graph = await platform.openGraph(attentionGraph(kernel.name, call.sizes, call.parameters), provider);
  const buildMs = performance.now() - start;
  const runs = attentionRuns(kernel.name, call.inputs, call.sizes);
  const width = call.sizes['tokens']! * call.sizes['heads']! * call.sizes['head_dim']!;
  return {
    provider,
    fallbackReason: typeof gpu === 'string' ? gpu : null,
    buildMs,
    async run() {
      const output = new Float32Array(elementsOf(kernel.outputs[0]!, call.sizes));
      const began = performance.now();
      for (const { first, feeds } of runs) output.set((await graph.run(feeds))['output']!, first * width);
      const runMs = performance.now() - began;
      clearPadding(output, call.inputs, call.sizes);
      return { outputs: { output }, runMs, gpuMs: null };
    },
    close: () => graph.close(),
  };
}

async function openShader(platform: ComputationPlatform, kernel: ShaderDefinition, call: KernelCall): Promise<OpenKernel> {
  const gpu = await platform.gpu();
  if (typeof gpu === 'string') return openReference(kernel, call, gpu);
  const largest = Math.max(...[...kernel.inputs, ...kernel.outputs].map((port) => 4 * elementsOf(port, call.sizes)));
  if (largest > gpu.maxBufferBytes)
    throw invalidInput([
      { path: '/sizes', message: `make a tensor of ${largest} bytes; a buffer of this device holds ${gpu.maxBufferBytes}.` },
    ]);
  const start = performance.now();
  const shader = await platform.openShader({
    source: kernel.source,
    inputs: kernel.inputs.map(({ name }) => call.inputs[name]!),
    outputs: kernel.outputs.map((port) => ({ dtype: port.dtype, length: elementsOf(port, call.sizes) })),
    uniform: uniformOf(kernel, call),
    workgroups: kernel.workgroups(call.sizes),
    ...(kernel.revisionId !== null && { timeLimitMs: PATCHED_LIMIT_MS }),
  });
  return {
    provider: 'webgpu',
    fallbackReason: null,
    buildMs: performance.now() - start,
    async run(read) {
      const began = performance.now();
      const { outputs, gpuMs } = await shader.run(read).catch((error: unknown) => {
        throw codeProblem(kernel.id, error);
      });
      const runMs = performance.now() - began;
      return { outputs: Object.fromEntries(outputs.map((values, i) => [kernel.outputs[i]!.name, values])), runMs, gpuMs };
    },
    close: async () => shader.close(),
  };
}

function openReference(kernel: KernelDefinition, call: KernelCall, reason: string): OpenKernel {
  return {
    provider: 'reference',
    fallbackReason: reason,
    buildMs: 0,
    async run() {
      const began = performance.now();
      const outputs = referenceOutputs(kernel, call);
      return { outputs, runMs: performance.now() - began, gpuMs: null };
    },
    close: async () => {},
  };
}

export const referenceOutputs = (kernel: KernelDefinition, { inputs, sizes, parameters }: KernelCall): Record<string, Values> =>
  kernel.reference(inputs, { ...sizes, ...parameters });

/** Sizes as u32 and then parameters as f32, in the order of the definition; uniforms come in units of 16 bytes. */
export function uniformOf(kernel: ShaderDefinition, { sizes, parameters }: KernelCall): Uint8Array<ArrayBuffer> {
  const names = [...Object.keys(kernel.sizes), ...Object.keys(kernel.parameters)];
  const view = new DataView(new ArrayBuffer(Math.ceil(names.length / 4) * 16));
  names.forEach((name, i) => {
    if (name in kernel.sizes) view.setUint32(4 * i, sizes[name]!, true);
    else view.setFloat32(4 * i, parameters[name]!, true);
  });
  return new Uint8Array(view.buffer);
}

function codeProblem(id: string, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ShaderError) {
    const places = error.problems.map(({ line, column, message }) => ({ path: line > 0 ? `${id}:${line}:${column}` : id, message }));
    return new ApiError('code_invalid', error.message, places, { cause: error });
  }
  if (error instanceof GraphError)
    return new ApiError('code_invalid', error.message, [{ path: id, message: error.message }], { cause: error });
  const message = messageOf(error);
  return new ApiError('code_invalid', `${id} could not be made ready: ${message}`, [{ path: id, message }], { cause: error });
}
