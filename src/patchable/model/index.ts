/** The built-in fragments of a model, in the form that the graph builder takes. */
import type { AttentionFragment, ModelFragments } from '../../engine/graph/index.ts';
import flash from './attention.flash.ts';
import grouped from './attention.grouped.ts';
import naive from './attention.naive.ts';
import slidingWindow from './attention.sliding_window.ts';
import mlp from './mlp.ts';
import norm from './norm.ts';
import position from './position.ts';

export type AttentionKernel = 'naive' | 'grouped' | 'flash_attention' | 'sliding_window';

/** Attention kernels by the name that execution plans use. */
export const ATTENTION_KERNELS: Record<AttentionKernel, AttentionFragment> = {
  naive,
  grouped,
  flash_attention: flash,
  sliding_window: slidingWindow,
};

/**
 * The kernel that is active unless someone chooses: the fastest on each provider. On WASM the fused operator computes
 * head by head. Measured on one thread, 6 M model (8 query heads, 2 K/V heads, context 512), ms, grouped against fused:
 * decode of 8 sequences at 10 % of the context 3.6 / 3.7, at 90 % 5.3 / 6.6; prefill of 256 tokens 110 / 271; of 128 on top of 256 62 / 309.
 */
export const DEFAULT_KERNEL: Record<'wasm' | 'webgpu', AttentionKernel> = { wasm: 'grouped', webgpu: 'flash_attention' };

export function builtinFragments(provider: 'wasm' | 'webgpu', kernel: AttentionKernel = DEFAULT_KERNEL[provider]): ModelFragments {
  return { attention: ATTENTION_KERNELS[kernel], mlp, norm, position };
}
