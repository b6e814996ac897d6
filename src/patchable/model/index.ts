/** The built-in fragments of a model, in the form that the graph builder takes. */
import type { AttentionFragment, ModelConfig, ModelFragments } from '../../engine/graph/index.ts';
import { attention, mlp, norm, position } from '../generated/modules.ts';

/** By the name that execution plans use. */
export type AttentionKernel = (typeof attention)[number]['name'];

/** What an attention kernel's file says of it. */
export interface AboutAttention {
  readonly name: string;
  readonly title: string;
  readonly rule: string;
  /** Keys that a query sees, itself included, where nobody sets another number; left out: all. */
  readonly window?: number;
  /** It is the runtime's fused operator, which takes several new tokens on top of a past for one sequence at a time only, and which not every adapter computes right. */
  readonly fused?: boolean;
}

export const ATTENTION: readonly { name: AttentionKernel; path: (typeof attention)[number]['path']; about: AboutAttention }[] =
  attention.map(({ name, path, module: { about } }) => ({ name, path, about }));

export const aboutAttention = (kernel: AttentionKernel): AboutAttention => ATTENTION.find(({ name }) => name === kernel)!.about;

export const ATTENTION_KERNELS = Object.fromEntries(attention.map(({ name, module }) => [name, module.default])) as Readonly<
  Record<AttentionKernel, AttentionFragment>
>;

/**
 * The kernel that is active unless someone chooses: the fastest on each provider. On WASM the fused operator computes
 * head by head. Measured on one thread, 6 M model (8 query heads, 2 K/V heads, context 512), ms, grouped against fused:
 * decode of 8 sequences at 10 % of the context 3.6 / 3.7, at 90 % 5.3 / 6.6; prefill of 256 tokens 110 / 271; of 128 on top of 256 62 / 309.
 */
export const DEFAULT_KERNEL: Record<'wasm' | 'webgpu', AttentionKernel> = { wasm: 'grouped', webgpu: 'flash_attention' };

export function builtinFragments(provider: 'wasm' | 'webgpu', kernel: AttentionKernel = DEFAULT_KERNEL[provider]): ModelFragments {
  return {
    attention: ATTENTION_KERNELS[kernel],
    mlp: mlp[0].module.default,
    norm: norm[0].module.default,
    position: position[0].module.default,
  };
}

/** A kernel that computes in place of a fused one, and why. */
export interface StandIn {
  kernel: AttentionKernel;
  reason: string;
}

/** On WebGPU the fused operator passes over soft caps (onnxruntime-web 1.30: logits of Gemma 2 off by 4.7); on WASM it heeds them. */
export const standInForModel = ({ layers }: ModelConfig): StandIn | null =>
  layers.some(({ softCap }) => softCap !== null)
    ? { kernel: 'grouped', reason: 'The model bounds its attention scores, which the runtime’s fused attention on WebGPU does not.' }
    : null;
