/** Whether the runtime's fused attention can be trusted on an adapter, and what stands in for it where it can't. */
import { type AttentionFragment, GraphError, type ModelConfig, type ModelFragments } from '../../engine/graph/index.ts';
import { ATTENTION, ATTENTION_KERNELS, type StandIn, standInForModel } from '../../patchable/model/index.ts';
import type { Provider } from '../../ports/provider.ts';

/**
 * From 32 new tokens on, `GroupQueryAttention` on WebGPU shares scores among the lanes of a subgroup, and takes for granted that there are
 * several of them: on Chromium's software adapter, with subgroups of 4, every row from the fourth on is wrong (onnxruntime-web 1.30:
 * logits off by 9 at 32 tokens, by 1e-5 at 31). Hardware has at least 8.
 */
const LEAST_SUBGROUP = 8;

/** What computes in place of the fused operator on WebGPU; `null` where it can be trusted. */
export function standInFor(info: GPUAdapterInfo): StandIn | null {
  const size = (info as { subgroupMinSize?: number }).subgroupMinSize;
  if (size === undefined || size >= LEAST_SUBGROUP) return null;
  return {
    kernel: 'grouped',
    reason: `This adapter has subgroups of ${size}, on which the runtime's fused attention gives wrong results.`,
  };
}

/**
 * The fragments, with the stand-in where the built-in one would use the fused operator and it can't be trusted. Code of a person is not
 * replaced in silence: it is refused where it asks for that operator.
 */
export async function trusted(fragments: ModelFragments, provider: Provider, config: ModelConfig): Promise<ModelFragments> {
  if (provider !== 'webgpu') return fragments;
  // Asked anew each time: after a lost device there may be another adapter.
  const adapter = await navigator.gpu.requestAdapter();
  const standIn = standInForModel(config) ?? (adapter && standInFor(adapter.info));
  if (!standIn) return fragments;
  const isFused = ATTENTION.some(({ name, about }) => about.fused && fragments.attention === ATTENTION_KERNELS[name]);
  return { ...fragments, attention: isFused ? ATTENTION_KERNELS[standIn.kernel] : withoutFused(fragments.attention, standIn) };
}

const withoutFused =
  (attention: AttentionFragment, { kernel, reason }: StandIn): AttentionFragment =>
  (g, inputs) => {
    const before = g.nodes.length;
    const result = attention(g, inputs);
    if (g.nodes.slice(before).some(({ opType }) => opType === 'GroupQueryAttention'))
      throw new GraphError(
        'groupQueryAttention',
        g.place,
        `attention of other operators, as the kernel "${kernel}" is made`,
        `the fused one. ${reason}`,
      );
    return result;
  };
