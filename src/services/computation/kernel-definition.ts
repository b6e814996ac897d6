/** Every kernel in one form, attention fragments of the graph and shaders alike, for listing, running and measuring. */
import { type AttentionKernel, ATTENTION_KERNELS } from '../../patchable/model/index.ts';
import flashSource from '../../patchable/model/attention.flash.ts?raw';
import groupedSource from '../../patchable/model/attention.grouped.ts?raw';
import naiveSource from '../../patchable/model/attention.naive.ts?raw';
import slidingWindowSource from '../../patchable/model/attention.sliding_window.ts?raw';
import attentionReference from '../../patchable/kernels/attention.reference.ts';
import attentionReferenceSource from '../../patchable/kernels/attention.reference.ts?raw';
import {
  type KernelPort,
  type KernelReference,
  type KernelSize,
  SHADER_KERNELS,
  type ShaderKernel,
} from '../../patchable/kernels/index.ts';
import type { Provider } from '../../ports/provider.ts';

export interface Port extends KernelPort {
  /** May be left out. */
  readonly optional?: boolean;
}

interface CommonDefinition extends Omit<ShaderKernel, 'name' | 'workgroups' | 'inputs' | 'sizes' | 'cases'> {
  readonly id: string;
  readonly inputs: readonly Port[];
  readonly sizes: Readonly<Record<string, KernelSize & { minimum?: number }>>;
  readonly providers: readonly Provider[];
  readonly resourceId: string;
  /** Of the patch that `source` is; `null`: the built-in one. */
  readonly revisionId: string | null;
}

export interface AttentionDefinition extends CommonDefinition {
  readonly kind: 'attention';
  readonly name: AttentionKernel;
}

export interface ShaderDefinition extends CommonDefinition {
  readonly kind: 'wgsl';
  readonly workgroups: ShaderKernel['workgroups'];
  readonly cases: ShaderKernel['cases'];
}

export type KernelDefinition = AttentionDefinition | ShaderDefinition;

const HEADS = ['batch', 'tokens', 'heads', 'head_dim'] as const;
const KV_HEADS = ['batch', 'tokens', 'kv_heads', 'head_dim'] as const;
const PAST = ['batch', 'kv_heads', 'past', 'head_dim'] as const;

const attentionInputs: readonly Port[] = [
  { name: 'q', shape: HEADS, dtype: 'float32', description: 'Queries, positions applied.' },
  { name: 'k', shape: KV_HEADS, dtype: 'float32', description: 'New keys, positions applied.' },
  { name: 'v', shape: KV_HEADS, dtype: 'float32', description: 'New values.' },
  { name: 'past_k', shape: PAST, dtype: 'float32', description: 'Keys of the past; none when left out.', optional: true },
  { name: 'past_v', shape: PAST, dtype: 'float32', description: 'Values of the past; none when left out.', optional: true },
  {
    name: 'past_lengths',
    shape: ['batch'],
    dtype: 'int32',
    description: 'How many places of the past count in each sequence; all when left out.',
    optional: true,
  },
  {
    name: 'lengths',
    shape: ['batch'],
    dtype: 'int32',
    description: 'How many new tokens count in each sequence, the rest is padding and gives zeros; all when left out.',
    optional: true,
  },
];

const attentionSizes: CommonDefinition['sizes'] = {
  batch: { description: 'Sequences.', maximum: 64, example: 1 },
  tokens: { description: 'New tokens of a sequence.', maximum: 4096, example: 8 },
  past: { description: 'Places for past tokens.', minimum: 0, maximum: 16_384, example: 0 },
  heads: { description: 'Query heads, a multiple of kv_heads.', maximum: 256, example: 4 },
  kv_heads: { description: 'Heads of keys and values.', maximum: 256, example: 2 },
  head_dim: { description: 'Components of a head, a multiple of 8 for the fused operator.', maximum: 256, example: 16 },
};

const SLIDING_WINDOW = 64;

function attention(name: AttentionKernel, title: string, description: string, source: string): AttentionDefinition {
  const isWindowed = name === 'sliding_window';
  const reference: KernelReference = attentionReference;
  return {
    kind: 'attention',
    id: name,
    name,
    title,
    description,
    source,
    reference,
    referenceSource: attentionReferenceSource,
    inputs: attentionInputs,
    outputs: [
      {
        name: 'output',
        shape: ['batch', 'tokens', 'heads * head_dim'],
        dtype: 'float32',
        description: 'What each query gathered, heads side by side.',
      },
    ],
    sizes: attentionSizes,
    parameters: {
      scale: { description: 'Factor on the scores; 0 stands for 1 / sqrt(head_dim).', default: 0, minimum: 0 },
      window: isWindowed
        ? { description: 'Keys that a query sees, itself included.', default: SLIDING_WINDOW, minimum: 1 }
        : { description: 'Keys that a query sees, itself included; 0 stands for all.', default: 0, minimum: 0 },
    },
    flops: '4 * batch * heads * tokens * past * head_dim + 4 * batch * heads * tokens * tokens * head_dim',
    bytesMoved: '8 * batch * tokens * heads * head_dim + 8 * batch * tokens * kv_heads * head_dim + 8 * batch * past * kv_heads * head_dim',
    tolerance: 1e-4,
    providers: ['wasm', 'webgpu'],
    resourceId: 'model.attention',
    revisionId: null,
  };
}

const ATTENTION: Record<AttentionKernel, AttentionDefinition> = {
  naive: attention('naive', 'Attention, naive', 'Every score is formed (arXiv:1706.03762).', naiveSource),
  grouped: attention(
    'grouped',
    'Attention, grouped',
    'Query heads that share a K/V head go through it together (arXiv:2305.13245).',
    groupedSource,
  ),
  flash_attention: attention(
    'flash_attention',
    'Attention, fused',
    'The runtime’s fused operator, which need not form the scores (arXiv:2205.14135).',
    flashSource,
  ),
  sliding_window: attention(
    'sliding_window',
    'Attention, sliding window',
    'Only the last keys are seen (arXiv:2004.05150).',
    slidingWindowSource,
  ),
};

const shader = (kernel: ShaderKernel): ShaderDefinition => ({
  ...kernel,
  kind: 'wgsl',
  id: `wgsl.${kernel.name}`,
  providers: ['webgpu'],
  resourceId: `kernel.${kernel.name}`,
  revisionId: null,
});

export const SHADERS: readonly ShaderDefinition[] = SHADER_KERNELS.map(shader);

export const KERNELS: readonly KernelDefinition[] = [
  ...(Object.keys(ATTENTION_KERNELS) as AttentionKernel[]).map((name) => ATTENTION[name]),
  ...SHADERS,
];
