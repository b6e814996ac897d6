/** The runner that plans run on: one beside the active model, kept for a while, since opening it is what takes longest. */
import { messageOf } from '../../environment/thrown.ts';
import { builtinFragments, DEFAULT_KERNEL } from '../../patchable/model/index.ts';
import { GraphError, type ModelFragments } from '../../engine/graph/index.ts';
import { ApiError } from '../../contract/index.ts';
import type { ServingModel } from '../serving/active-model.ts';
import type { FragmentRunner, ModelPlatform } from '../../ports/model-platform.ts';
import { blockBytesOf, isKernel, MAX_KV_BYTES, type ResolvedPlan } from './resolve-plan.ts';

/** Weights that nobody runs go after so long. */
const IDLE_MS = 30_000;

export interface OpenedPlan {
  plan: ResolvedPlan;
  runner: FragmentRunner;
  /** 0 where the runner stood already. */
  buildMs: number;
}

export class PlanBench {
  #open: { key: string; revision: string; runner: FragmentRunner } | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly platform: Pick<ModelPlatform, 'openRunner'>) {}

  /** A runner of the plan's provider, dtype, block size and code. Falls back to WASM, with the reason, where the GPU can't hold it. */
  async open(plan: ResolvedPlan, model: ServingModel, numBlocks: number): Promise<OpenedPlan> {
    clearTimeout(this.#idle);
    const start = performance.now();
    const { used, provider, dtype } = plan;
    try {
      const wasOpen = await this.#reuse(plan, model, numBlocks);
      return { plan, runner: this.#open!.runner, buildMs: wasOpen ? 0 : performance.now() - start };
    } catch (error) {
      await this.close();
      if (error instanceof GraphError && plan.code.fragmentRevision !== '')
        throw new ApiError('code_invalid', `The code of the plan makes no model: ${error.message}`, [
          { path: '/code_revisions', message: error.message },
        ]);
      if (provider !== 'webgpu') throw error;
      const reason = `WebGPU could not run it: ${messageOf(error)}`;
      const fallbacks: ResolvedPlan['used']['fallbacks'] = [
        ...used.fallbacks,
        { field: 'execution_provider', asked: 'webgpu', used: 'wasm', reason },
        ...(dtype === 'float16'
          ? [{ field: 'compute_dtype' as const, asked: 'float16', used: 'float32', reason: 'WASM computes in float32 only.' }]
          : []),
      ];
      const onWasm: ResolvedPlan = {
        ...plan,
        provider: 'wasm',
        dtype: 'float32',
        used: { ...used, execution_provider: 'wasm', compute_dtype: 'float32', fallbacks },
      };
      return this.open(onWasm, model, numBlocks);
    }
  }

  /** Puts the code of the plan into the open runner; its weights stay. */
  setPlanCode({ plan }: OpenedPlan): Promise<void> {
    return this.#setCode(codeOf(plan));
  }

  /** Puts the built-in code into the open runner, to compare with. */
  setBuiltInCode({ plan: { provider } }: OpenedPlan): Promise<void> {
    return this.#setCode({ fragments: builtinFragments(provider), revision: DEFAULT_KERNEL[provider] });
  }

  /** The runner goes unless it is asked for again soon. */
  rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.close(), IDLE_MS);
    // A test in Node need not wait for it.
    if (typeof this.#idle === 'object' && 'unref' in this.#idle) this.#idle.unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const open = this.#open;
    this.#open = null;
    await open?.runner.dispose();
  }

  async #reuse(plan: ResolvedPlan, model: ServingModel, numBlocks: number): Promise<boolean> {
    const { used, provider, dtype } = plan;
    const code = codeOf(plan);
    const key = [model.folder.hash, provider, dtype, used.block_size].join();
    if (this.#open?.key === key && this.#open.runner.pool.numBlocks >= numBlocks) {
      const isSame = this.#open.revision === code.revision;
      await this.#setCode(code);
      return isSame;
    }
    await this.close();
    const request = { folder: model.folder, provider, computeDtype: dtype, numBlocks, blockSize: used.block_size };
    const runner = await this.platform.openRunner({ ...request, ...code });
    this.#open = { key, revision: code.revision, runner };
    return false;
  }

  async #setCode({ fragments, revision }: Code): Promise<void> {
    if (!this.#open || this.#open.revision === revision) return;
    await this.#open.runner.setFragments(fragments, revision);
    this.#open.revision = revision;
  }
}

/** What a runner is made of, and the name by which it is told apart. */
interface Code {
  fragments: ModelFragments;
  revision: string;
}

function codeOf({ provider, used: { kernel }, code }: ResolvedPlan): Code {
  const builtIn = isKernel(kernel) ? builtinFragments(provider, kernel) : builtinFragments(provider);
  return { fragments: { ...builtIn, ...code.fragments }, revision: [kernel, code.fragmentRevision].filter(Boolean).join('+') };
}

/** Blocks that sequences of so many tokens hold at once; a buffer that doubles may hold nearly twice as many. */
export function blocksFor({ used }: ResolvedPlan, sequences: number, tokens: number): number {
  const each = Math.ceil(tokens / used.block_size);
  return sequences * (used.memory_strategy === 'dynamic' ? 2 ** Math.ceil(Math.log2(each)) : each) + 1;
}

/** As many blocks as sixteen full contexts need, within what a plan may hold. */
export function blocksForWorkload({ used, config, dtype }: ResolvedPlan): number {
  const wanted = 16 * Math.ceil(config.maxPositionEmbeddings / used.block_size);
  return Math.max(1, Math.min(wanted, Math.floor(MAX_KV_BYTES / blockBytesOf(config, used.block_size, dtype))));
}
