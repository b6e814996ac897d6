/** What the computation service needs of runtime and device, so that it imports neither. */
import type { Provider } from './provider.ts';
import type { GpuInfo, OpenShader, ShaderBench, ShaderProgram, Values } from './shaders.ts';

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
  /** For shaders that nobody has tried before. */
  readonly candidates: ShaderBench;
}
