/** What the computation service needs of runtime and device, so that it imports neither. The worker gives it. */
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { ModelRunner } from '../../engine/index.ts';
import type { ModelFolder } from '../../engine/weights.ts';

export type Provider = 'webgpu' | 'wasm';
export type ComputeDtype = 'float32' | 'float16';
export type Values = Float32Array | Int32Array;

export interface GpuInfo {
  adapter: string;
  isSoftware: boolean;
  hasF16: boolean;
  timestampQueries: boolean;
  /** Of one storage buffer. */
  maxBufferBytes: number;
  /** What computes in place of the runtime's fused attention, and why; `null` where that can be trusted. */
  attentionStandIn: { kernel: string; reason: string } | null;
}

export interface GraphFeed {
  data: Values;
  shape: readonly number[];
}

/** A graph that the runtime has opened. */
export interface OpenGraph {
  /** @returns the wanted outputs by name */
  run(feeds: Readonly<Record<string, GraphFeed>>): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
}

/** A shader with everything that a dispatch of it needs; bindings of group 0 are the inputs, the outputs, the uniform, in this order. */
export interface ShaderProgram {
  source: string;
  inputs: readonly Values[];
  outputs: readonly { dtype: 'float32' | 'int32'; length: number; initial?: Values }[];
  uniform: Uint8Array<ArrayBuffer>;
  workgroups: readonly [number, number, number];
  /** Of a run; where it takes longer, the shader is left to itself and its device replaced, since no shader can be stopped. */
  timeLimitMs?: number;
}

export interface OpenShader {
  /** Dispatches once and waits for the end; outputs are read back when `read` is set. */
  run(read: boolean): Promise<{ outputs: Values[]; gpuMs: number | null }>;
  close(): void;
}

/** A shader that does not compile, or that the device refuses; lines and columns count from 1, 0 where there is none. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
  constructor(
    message: string,
    readonly problems: readonly { line: number; column: number; message: string }[] = [],
  ) {
    super(message);
  }
}

export interface RunnerRequest {
  folder: Pick<ModelFolder, 'config' | 'tensors'>;
  provider: Provider;
  computeDtype: ComputeDtype;
  numBlocks: number;
  blockSize: number;
  fragments: ModelFragments;
  revision: string;
}

/** A runner whose attention can be exchanged while its weights stay. */
export interface FragmentRunner extends ModelRunner {
  setFragments(fragments: ModelFragments, revision: string): Promise<void>;
}

/** What is patched of the shaders. */
export interface KernelCode {
  /** `null`: the built-in source is active. */
  kernelPatch(resourceId: string): { revisionId: string; source: string } | null;
}

/** Where nothing can be patched. */
export const BUILT_IN_KERNELS: KernelCode = { kernelPatch: () => null };

export interface ComputationPlatform {
  readonly threads: number;
  readonly crossOriginIsolated: boolean;
  readonly userAgent: string;
  /** Of the runtime and of whatever else decides what comes out. */
  readonly versions: Readonly<Record<string, string>>;
  /** The GPU, or why there is none. */
  gpu(): Promise<GpuInfo | string>;
  /** @param bytes an ONNX file without data beside it */
  openGraph(bytes: Uint8Array<ArrayBuffer>, provider: Provider): Promise<OpenGraph>;
  /** Rejects with ShaderError. */
  openShader(program: ShaderProgram): Promise<OpenShader>;
  /** A runner of its own beside the active one. Rejects with narrow errors of the graph and the runtime. */
  openRunner(request: RunnerRequest): Promise<FragmentRunner>;
}
