/** Whether the runtime's fused attention can be trusted on this adapter, and what stands in for it where it can't. */
import type { ModelFragments } from '../../engine/graph/index.ts';
import { ATTENTION_KERNELS, type AttentionKernel } from '../../patchable/model/index.ts';
import type { Provider } from './ort.ts';

/**
 * From 32 new tokens on, `GroupQueryAttention` on WebGPU shares scores among the lanes of a subgroup, and takes for granted that there are
 * several of them: on Chromium's software adapter, with subgroups of 4, every row from the fourth on is wrong (onnxruntime-web 1.30:
 * logits off by 9 at 32 tokens, by 1e-5 at 31). Hardware has at least 8.
 */
const LEAST_SUBGROUP = 8;
export const STAND_IN: AttentionKernel = 'grouped';

/** Why the fused operator is not used; `null` where it is. Asked of the adapter anew: a lost device may come back on another. */
export async function fusedAttentionProblem(provider: Provider): Promise<string | null> {
  if (provider !== 'webgpu') return null;
  const info = (await navigator.gpu.requestAdapter())?.info as (GPUAdapterInfo & { subgroupMinSize?: number }) | undefined;
  const size = info?.subgroupMinSize;
  if (size === undefined || size >= LEAST_SUBGROUP) return null;
  return `This adapter has subgroups of ${size}, on which the runtime's fused attention gives wrong results; "${STAND_IN}" computes the same.`;
}

/** The fragments, with the stand-in where they would use the fused operator and it can't be trusted. */
export async function trusted(fragments: ModelFragments, provider: Provider): Promise<ModelFragments> {
  if (fragments.attention !== ATTENTION_KERNELS.flash_attention || (await fusedAttentionProblem(provider)) === null) return fragments;
  return { ...fragments, attention: ATTENTION_KERNELS[STAND_IN] };
}
