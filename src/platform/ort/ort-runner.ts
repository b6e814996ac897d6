/** The engine's model runner on onnxruntime-web: a graph made of fragments, sessions by variant, and the KV pool beside them. */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import {
  type HookPoint,
  hookPoints,
  type ModelConfig,
  type ModelFragments,
  parseConfig,
  type VerifiedWeights,
  verifyWeights,
} from '../../engine/graph/index.ts';
import type { BatchRow, Capture, KvPool, ModelShape, RunOptions, RunResult } from '../../engine/model-runner.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import { type Batch, batches, batchFeeds, checkRows, rowCapture, rowLogits } from './batch.ts';
import { DeviceErrors } from './device-errors.ts';
import { ProviderError } from '../../ports/load-errors.ts';
import type { FragmentRunner } from '../../ports/model-platform.ts';
import type { ComputeDtype, Provider } from '../../ports/provider.ts';
import { BatchError, DeviceLostError, RuntimeError } from './errors.ts';
import { trusted } from './fused-attention.ts';
import { GpuKvStore } from './gpu-kv-store.ts';
import type { KvGeometry, KvStore } from './kv-store.ts';
import { longRun } from './long-run.ts';
import { Mutex } from '../../environment/mutex.ts';
import { loadOrt, type OrtModule } from './ort.ts';
import { messageOf } from '../../environment/thrown.ts';
import { SessionCache, type SessionSource } from './session-cache.ts';
import { tapFeeds } from './tap-feeds.ts';
import { WasmKvStore } from './wasm-kv-store.ts';

export interface OrtRunnerOptions {
  folder: Pick<ModelFolder, 'config' | 'tensors'>;
  provider: Provider;
  /** Of weights, activations and cache. WASM computes in float32 only; float16 on WebGPU needs `shader-f16`. */
  computeDtype?: ComputeDtype;
  /** KV blocks in the pool. */
  numBlocks: number;
  /** Tokens per block. */
  blockSize: number;
  /** The built-in ones of the provider unless given. */
  fragments?: ModelFragments;
  /** Names the fragments, for metadata and prefix hashes. */
  revision?: string;
}

export interface OrtRunner extends FragmentRunner {
  readonly config: ModelConfig;
  readonly weights: Pick<VerifiedWeights, 'ignored' | 'parameters'>;
  readonly hookPoints: readonly HookPoint[];
  readonly provider: Provider;
  readonly computeDtype: ComputeDtype;
  /** Of the active fragments. */
  readonly revision: string;
  /** The runtime's device, for other work on it; null on WASM. Changes when a lost one is replaced. */
  readonly device: GPUDevice | null;
  /**
   * Makes other fragments active from the next step on; weights stay loaded, and so do keys and values, which the
   * caller must drop where the new fragments make others. The old ones serve on when this fails.
   * @throws GraphError from the fragments, RuntimeError from the runtime
   */
  setFragments(fragments: ModelFragments, revision: string): Promise<void>;
}

/**
 * Checks config and weights, builds the graph, opens the session and allocates the pool.
 * @throws ConfigError, WeightsError when the folder does not hold a model that can be built
 * @throws ProviderError when the provider cannot run here or the pool does not fit
 * @throws GraphError, RuntimeError when the fragments do not make a model
 */
export async function createOrtRunner({
  folder,
  provider,
  computeDtype = 'float32',
  numBlocks,
  blockSize,
  fragments = builtinFragments(provider),
  revision = 'built-in',
}: OrtRunnerOptions): Promise<OrtRunner> {
  if (provider === 'wasm' && computeDtype !== 'float32') throw new ProviderError('wasm', 'WASM computes in float32 only.');
  const config = parseConfig(folder.config);
  const weights = verifyWeights(config, folder.tensors);
  const ort = await loadOrt(provider);
  const geometry: KvGeometry = {
    numBlocks,
    blockSize,
    numLayers: config.numLayers,
    numKvHeads: config.numKvHeads,
    headDim: config.headDim,
  };
  const runner = new SessionRunner(
    ort,
    provider,
    config,
    weights,
    computeDtype,
    geometry,
    await trusted(fragments, provider, config),
    revision,
  );
  try {
    await runner.open();
  } catch (error) {
    await runner.dispose();
    throw error;
  }
  return runner;
}

class SessionRunner implements OrtRunner {
  readonly shape: ModelShape;
  readonly hookPoints: readonly HookPoint[];
  readonly pool: KvPool;
  device: GPUDevice | null = null;
  #store: KvStore | null = null;
  #errors: DeviceErrors | null = null;
  #sessions: SessionCache;
  /** `silent`: lost, and no caller has been told yet. */
  #lost: 'no' | 'silent' | 'told' = 'no';
  readonly #source: SessionSource;
  readonly #mutex = new Mutex();

  constructor(
    private readonly ort: OrtModule,
    readonly provider: Provider,
    readonly config: ModelConfig,
    readonly weights: VerifiedWeights,
    readonly computeDtype: ComputeDtype,
    private readonly geometry: KvGeometry,
    fragments: ModelFragments,
    public revision: string,
  ) {
    this.shape = config;
    this.hookPoints = hookPoints(config);
    const kv = provider === 'wasm' ? ({ kind: 'contiguous' } as const) : ({ kind: 'paged', blockSize: geometry.blockSize } as const);
    this.#source = { ort, provider, config, tensors: weights.tensors, dtype: computeDtype, kv };
    this.#sessions = new SessionCache(this.#source, fragments);
    this.pool = this.#poolView();
  }

  /** Opens the plain session and makes the pool; on WebGPU the device comes with the session. */
  async open(): Promise<void> {
    await this.#sessions.get();
    if (this.provider === 'wasm') {
      this.#store ??= new WasmKvStore(this.ort, this.geometry);
      return;
    }
    const device = (await this.ort.env.webgpu.device) as GPUDevice;
    if (this.computeDtype === 'float16' && !device.features.has('shader-f16'))
      throw new ProviderError('webgpu', 'This device has no shader-f16.');
    this.#errors = new DeviceErrors(device);
    this.device = device;
    this.#store = new GpuKvStore(this.ort, device, this.geometry, this.computeDtype);
    this.#lost = 'no';
    void device.lost.then(() => {
      if (this.device === device) this.#lost = 'silent';
    });
  }

  run(rows: readonly BatchRow[], { capture = [], taps = [] }: RunOptions = {}): Promise<RunResult> {
    return this.#mutex.run(async () => {
      if (this.#lost !== 'no') await this.#rebuild();
      checkRows(rows, { ...this.shape, ...this.geometry });
      if (capture.length + taps.length > 0 && rows.some(({ blockTable }) => blockTable))
        throw new BatchError('Captures and taps are for rows without blocks.');
      const tapped = [...new Set(taps.map(({ hookPoint }) => hookPoint))];
      const session = await this.#sessions.get(capture, tapped);
      const result: RunResult = { logits: [], captures: [], runMs: 0 };
      for (const batch of batches(rows))
        await this.#runBatch(session, batch, tapFeeds(this.ort, batch, taps, this.hookPoints), capture, result);
      return result;
    });
  }

  setFragments(fragments: ModelFragments, revision: string): Promise<void> {
    return this.#mutex.run(async () => {
      const next = new SessionCache(this.#source, await trusted(fragments, this.provider, this.config));
      await next.get();
      const before = this.#sessions;
      this.#sessions = next;
      this.revision = revision;
      await before.dispose();
    });
  }

  dispose(): Promise<void> {
    return this.#mutex.run(async () => {
      await this.#sessions.dispose();
      this.#store?.dispose();
      this.#store = null;
      this.device = null;
    });
  }

  async #runBatch(
    session: InferenceSession,
    batch: Batch,
    tapFeeds: Record<string, Tensor>,
    capture: readonly string[],
    result: RunResult,
  ): Promise<void> {
    const { rows, places, numTokens } = batch;
    const store = this.#store!;
    const keeps = rows.some(({ blockTable }) => blockTable);
    const feeds = { ...batchFeeds(this.ort, batch), ...store.feeds(rows), ...tapFeeds };
    const started = performance.now();
    const outputs = await longRun(numTokens, this.weights.parameters, () =>
      this.#runSession(session, feeds, ['logits', ...(keeps ? ['new_kv'] : []), ...capture]),
    );
    result.runMs += performance.now() - started;
    if (keeps) {
      store.store(rows, outputs['new_kv']!, numTokens);
      outputs['new_kv']!.dispose();
    }
    const logits = rowLogits(rows, outputs['logits']!.data as Float32Array, this.shape.vocabSize);
    places.forEach((place, i) => {
      result.logits[place] = logits[i]!;
      result.captures[place] = new Map<string, Capture>(capture.map((name) => [name, rowCapture(name, outputs[name]!, i, batch)]));
    });
  }

  async #runSession(session: InferenceSession, feeds: Record<string, Tensor>, fetches: string[]): Promise<InferenceSession.ReturnType> {
    try {
      const outputs = await session.run(feeds, fetches);
      const refused = this.#errors?.take();
      if (this.#lost === 'no' && refused) throw new Error(`the GPU device refused a part of the step: ${refused}`);
      if (this.#lost === 'no') return outputs;
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve)); // lets `device.lost` speak first
      if (this.#lost === 'no') throw new RuntimeError(`The runtime failed: ${messageOf(error)}`, { cause: error });
    }
    this.#lost = 'told';
    throw new DeviceLostError('The GPU device was lost during the step; keys and values are gone.');
  }

  /** A new device comes with a new session once every old one is released. */
  async #rebuild(): Promise<void> {
    const told = this.#lost === 'told';
    const { fragments } = this.#sessions;
    await this.#sessions.dispose();
    this.#store?.dispose();
    this.#sessions = new SessionCache(this.#source, fragments);
    await this.open();
    if (!told) throw new DeviceLostError('The GPU device was lost and a new one is in place; keys and values are gone.');
  }

  /** The pool as the engine sees it: the same object also when the store behind it is replaced. */
  #poolView(): KvPool {
    const { numBlocks, blockSize, numLayers, numKvHeads, headDim } = this.geometry;
    const bytesPerElement = this.computeDtype === 'float32' ? 4 : 2;
    return {
      numBlocks,
      blockSize,
      blockBytes: 2 * numLayers * numKvHeads * blockSize * headDim * bytesPerElement,
      copyBlock: (from, to) => this.#store!.copyBlock(from, to),
      readBlock: (block) => this.#store!.readBlock(block),
      writeBlock: (block, bytes) => this.#store!.writeBlock(block, bytes),
    };
  }
}
