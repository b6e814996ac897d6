/** What checking a shader needs of a GPU, so that it imports none. The worker gives it. */
import type { GpuInfo, ShaderProgram, Values } from '../../computation/platform.ts';

/** Lines and columns count from 1; 0 where there is none. */
export interface CompilerMessage {
  severity: 'error' | 'warning' | 'info';
  message: string;
  line: number;
  column: number;
  length: number;
}

export interface TrialProgram extends ShaderProgram {
  /** Words of `@group(1) @binding(0)`, in which the shader tells what it saw, and what it is told in binding 1. */
  probe: { words: number; told: Uint8Array<ArrayBuffer> };
}

/** On a device of its own, which is replaced when a shader does not end. Rejects with ShaderError. */
export interface ShaderBench {
  /** The GPU, or why there is none. */
  gpu(): Promise<GpuInfo | string>;
  /** What the compiler says of a source. */
  compile(source: string): Promise<CompilerMessage[]>;
  /** Dispatches once. */
  run(program: TrialProgram): Promise<{ outputs: Values[]; probe: Uint32Array }>;
}
