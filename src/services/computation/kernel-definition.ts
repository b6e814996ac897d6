/** Every kernel in one form, attention fragments of the graph and shaders alike, for listing, running and measuring. */
import attentionReference from '../../patchable/attention.reference.ts';
import { TEXTS } from '../../patchable/generated/texts.ts';
import { type KernelPort, type KernelSize, SHADER_KERNELS, type ShownKernel } from '../../patchable/kernels/index.ts';
import { ATTENTION, type AttentionKernel } from '../../patchable/model/index.ts';
import type { Provider } from '../../ports/provider.ts';

export interface Port extends KernelPort {
  /** May be left out. */
  readonly optional?: boolean;
}

interface CommonDefinition extends Omit<ShownKernel, 'name' | 'rule' | 'workgroups' | 'inputs' | 'sizes' | 'cases'> {
  readonly id: string;
  readonly description: string;
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
  readonly workgroups: ShownKernel['workgroups'];
  readonly cases: ShownKernel['cases'];
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

const attention = ({ name, path, about }: (typeof ATTENTION)[number]): AttentionDefinition => ({
  kind: 'attention',
  id: name,
  name,
  title: about.title,
  description: about.rule,
  source: TEXTS[path],
  reference: attentionReference,
  referenceSource: TEXTS['patchable/attention.reference.ts'],
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
    window:
      about.window === undefined
        ? { description: 'Keys that a query sees, itself included; 0 stands for all.', default: 0, minimum: 0 }
        : { description: 'Keys that a query sees, itself included.', default: about.window, minimum: 1 },
  },
  flops: '4 * batch * heads * tokens * past * head_dim + 4 * batch * heads * tokens * tokens * head_dim',
  bytesMoved: '8 * batch * tokens * heads * head_dim + 8 * batch * tokens * kv_heads * head_dim + 8 * batch * past * kv_heads * head_dim',
  tolerance: 1e-4,
  providers: ['wasm', 'webgpu'],
  resourceId: 'model.attention',
  revisionId: null,
});

const shader = ({ rule, ...kernel }: ShownKernel): ShaderDefinition => ({
  ...kernel,
  kind: 'wgsl',
  id: `wgsl.${kernel.name}`,
  description: rule,
  providers: ['webgpu'],
  resourceId: `kernel.${kernel.name}`,
  revisionId: null,
});

export const SHADERS: readonly ShaderDefinition[] = SHADER_KERNELS.map(shader);

export const KERNELS: readonly KernelDefinition[] = [...ATTENTION.map(attention), ...SHADERS];
