/** What the services need of a GPU: shaders that run for kernels, and a bench on which candidates are tried. */

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

/** A shader with everything that a dispatch of it needs; bindings of group 0 are the inputs, the outputs, the uniform, in this order. */
export interface ShaderProgram {
  source: string;
  inputs: readonly Values[];
  /** `initial`: what stands there before; zeros where it is left out. */
  outputs: readonly { dtype: 'float32' | 'int32'; length: number; initial?: Values }[];
  uniform: Uint8Array<ArrayBuffer>;
  workgroups: readonly [number, number, number];
  /** Of a run; where it takes longer, the shader is left to itself and its device replaced, since no shader can be stopped. */
  timeLimitMs?: number;
  /** Of a shader that watches itself: it tells in words of `@group(1) @binding(0) var<storage, read_write>` and is told in binding 1. */
  probe?: ShaderProbe;
}

interface ShaderProbe {
  words: number;
  told: Uint8Array<ArrayBuffer>;
}

export interface OpenShader {
  /** Dispatches once and waits for the end; outputs are read back when `read` is set. */
  run(read: boolean): Promise<{ outputs: Values[]; gpuMs: number | null }>;
  close(): void;
}

/** Lines and columns count from 1; 0 where there is none. */
export interface ShaderProblem {
  line: number;
  column: number;
  message: string;
}

/** What the compiler says of a source. */
export interface CompilerMessage extends ShaderProblem {
  severity: 'error' | 'warning' | 'info';
  length: number;
}

/** A shader that does not compile, or that the device refuses. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
  constructor(
    message: string,
    readonly problems: readonly ShaderProblem[] = [],
  ) {
    super(message);
  }
}

/** Where candidates are tried: on a device of its own, which is replaced when a shader does not end. Rejects with ShaderError. */
export interface ShaderBench {
  /** The GPU, or why there is none. */
  gpu(): Promise<GpuInfo | string>;
  compile(source: string): Promise<CompilerMessage[]>;
  /** Dispatches once. */
  run(program: ShaderProgram & { probe: ShaderProbe }): Promise<{ outputs: Values[]; probe: Uint32Array }>;
}
