/** What the model service needs of the platform, so that it imports neither runtime nor network. The worker gives it. */
import type { ModelRunner } from '../../engine/index.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import type { ParsedInput } from '../../contract/index.ts';

export type Provider = 'webgpu' | 'wasm';
export type SwapRequest = ParsedInput<'model', 'swapWeights'>;

/** What the worker itself asks for when it starts. */
export interface StartRequest extends SwapRequest {
  /** From the browser's own store alone; nobody is asked. */
  keptOnly?: boolean;
}

export interface LoadProgress {
  phase: 'resolve' | 'download' | 'verify' | 'build' | 'swap';
  file: string | null;
  loaded_bytes: number;
  total_bytes: number | null;
}

export interface ProviderStatus {
  name: Provider;
  available: boolean;
  detail: string;
}

export interface LoadedRunner {
  runner: ModelRunner;
  provider: Provider;
  computeDtype: string;
}

export interface ModelPlatform {
  readonly threads: number;
  providers(): Promise<ProviderStatus[]>;
  /** Rejects with `FetchError` or `WeightsError`, or an AbortError. */
  loadFolder(request: StartRequest, options: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void }): Promise<ModelFolder>;
  /** Checks the folder against its architecture and builds the session. Rejects with narrow errors of the graph and the runtime. */
  createRunner(folder: ModelFolder, request: SwapRequest): Promise<LoadedRunner>;
}
