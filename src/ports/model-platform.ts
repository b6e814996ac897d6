/** What the services need of whatever loads and runs models: a browser with onnxruntime-web, or Node. */
import type { Input, ParsedInput } from '../contract/index.ts';
import type { ModelFragments } from '../engine/graph/index.ts';
import type { ModelRunner } from '../engine/index.ts';
import type { ModelFolder, OpaqueGraph } from '../engine/weights.ts';
import type { ComputeDtype, Provider, ProviderStatus } from './provider.ts';

export type SwapRequest = ParsedInput<'model', 'swapWeights'>;
/** Where a model folder may lie, defaults not filled in. */
export type WeightsSource = Input<'model', 'swapWeights'>['source'];

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

export interface LoadedRunner {
  runner: ModelRunner;
  provider: Provider;
  computeDtype: ComputeDtype;
}

/** A runner whose graph is made of fragments, which can be exchanged while its weights stay. */
export interface FragmentRunner extends ModelRunner {
  /** The ones before serve on when this fails. */
  setFragments(fragments: ModelFragments, revision: string): Promise<void>;
}

export const takesFragments = (runner: ModelRunner): runner is FragmentRunner =>
  'setFragments' in runner && typeof runner.setFragments === 'function';

/** A runner just so, with nothing chosen for it. */
export interface RunnerRequest {
  folder: Pick<ModelFolder, 'config' | 'tensors'>;
  provider: Provider;
  computeDtype: ComputeDtype;
  numBlocks: number;
  blockSize: number;
  fragments: ModelFragments;
  /** Names the fragments. */
  revision: string;
}

export interface OpaqueRequest extends Pick<RunnerRequest, 'provider' | 'numBlocks' | 'blockSize'> {
  graph: OpaqueGraph;
  config: ModelFolder['config'];
}

export interface ModelPlatform {
  readonly threads: number;
  providers(): Promise<ProviderStatus[]>;
  /** Rejects with `FetchError` or `WeightsError`, or an AbortError. */
  loadFolder(request: StartRequest, options: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void }): Promise<ModelFolder>;
  /** Checks the folder against its architecture and builds the session. Rejects with narrow errors of the graph and the runtime. */
  createRunner(folder: ModelFolder, request: SwapRequest): Promise<LoadedRunner>;
  /** A runner of its own, beside the one that serves. Rejects with narrow errors of the graph and the runtime. */
  openRunner(request: RunnerRequest): Promise<FragmentRunner>;
  /** The same of a ready-made graph. */
  openOpaque(request: OpaqueRequest): Promise<ModelRunner>;
}
