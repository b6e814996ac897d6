/** Builds sessions of one model and keeps the few that are in use: the plain one, and the last that captures or taps something. */
import { messageOf } from '../../environment/thrown.ts';
import type { InferenceSession } from 'onnxruntime-web';
import { buildModelGraph, type KvForm, type ModelConfig, type ModelFragments, type VerifiedTensor } from '../../engine/graph/index.ts';
import { RuntimeError } from './errors.ts';
import { building } from './long-run.ts';
import { createSession, type OrtModule } from './ort.ts';
import type { ComputeDtype, Provider } from '../../ports/provider.ts';
import { weightBuffers } from './weight-buffers.ts';

export interface SessionSource {
  ort: OrtModule;
  provider: Provider;
  config: ModelConfig;
  tensors: readonly VerifiedTensor[];
  dtype: ComputeDtype;
  kv: KvForm;
}

export class SessionCache {
  #plain: Promise<InferenceSession> | null = null;
  /** Each session has its own copy of the weights, so only the last one with captures or taps stays. */
  #probing: { key: string; session: Promise<InferenceSession> } | null = null;

  constructor(
    private readonly source: SessionSource,
    readonly fragments: ModelFragments,
  ) {}

  /** A session whose outputs are the logits, the new keys and values, and the captures, and which takes the inputs of the taps. */
  async get(captures: readonly string[] = [], taps: readonly string[] = []): Promise<InferenceSession> {
    if (captures.length + taps.length === 0) return (this.#plain ??= this.#forget(() => (this.#plain = null), this.#open([], [])));
    const hooked = [captures.toSorted(), taps.toSorted()] as const;
    const key = hooked.map((names) => names.join()).join(';');
    if (this.#probing?.key !== key) {
      await this.#release(this.#probing?.session);
      this.#probing = { key, session: this.#forget(() => (this.#probing = null), this.#open(...hooked)) };
    }
    return this.#probing.session;
  }

  async dispose(): Promise<void> {
    const sessions = [this.#plain, this.#probing?.session];
    this.#plain = null;
    this.#probing = null;
    for (const session of sessions) await this.#release(session);
  }

  /** @throws GraphError from the fragments, RuntimeError from the runtime */
  #open(captures: readonly string[], taps: readonly string[]): Promise<InferenceSession> {
    return building(() => this.#build(captures, taps));
  }

  async #build(captures: readonly string[], taps: readonly string[]): Promise<InferenceSession> {
    const { ort, provider, config, tensors, dtype, kv } = this.source;
    const { index, externalData } = weightBuffers(tensors, dtype);
    const graph = buildModelGraph(config, index, { fragments: this.fragments, kv, captures, taps, dtype });
    const options: InferenceSession.SessionOptions = { executionProviders: [provider], externalData, logSeverityLevel: 3 };
    if (provider === 'webgpu') options.preferredOutputLocation = { new_kv: 'gpu-buffer' };
    try {
      return await createSession(ort, graph.bytes, options);
    } catch (error) {
      throw new RuntimeError(`The runtime rejected the graph: ${messageOf(error)}`, { cause: error });
    }
  }

  #forget(forget: () => void, session: Promise<InferenceSession>): Promise<InferenceSession> {
    session.catch(forget);
    return session;
  }

  /** A session that never came to be, or whose device is gone, has nothing to release. */
  async #release(session: Promise<InferenceSession> | null | undefined): Promise<void> {
    try {
      await (await session)?.release();
    } catch {}
  }
}
