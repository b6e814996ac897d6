/** The resources that come with the workbench: what each is for, and its source, which is the file that runs. */
import { SHADER_KERNELS } from '../../patchable/kernels/index.ts';
import lruSource from '../../patchable/memory/lru.ts?raw';
import fifoSource from '../../patchable/memory/fifo.ts?raw';
import lfuSource from '../../patchable/memory/lfu.ts?raw';
import { EVICTION_RULES } from '../../patchable/memory/index.ts';
import { DEFAULT_KERNEL } from '../../patchable/model/index.ts';
import flashSource from '../../patchable/model/attention.flash.ts?raw';
import groupedSource from '../../patchable/model/attention.grouped.ts?raw';
import naiveSource from '../../patchable/model/attention.naive.ts?raw';
import slidingWindowSource from '../../patchable/model/attention.sliding_window.ts?raw';
import mlpSource from '../../patchable/model/mlp.ts?raw';
import normSource from '../../patchable/model/norm.ts?raw';
import positionSource from '../../patchable/model/position.ts?raw';
import samplerSource from '../../patchable/sampler/default.ts?raw';
import edfSource from '../../patchable/scheduler/edf.ts?raw';
import fairSource from '../../patchable/scheduler/fair.ts?raw';
import fcfsSource from '../../patchable/scheduler/fcfs.ts?raw';
import hrrnSource from '../../patchable/scheduler/hrrn.ts?raw';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import lpmSource from '../../patchable/scheduler/lpm.ts?raw';
import prioritySource from '../../patchable/scheduler/priority.ts?raw';
import sjfSource from '../../patchable/scheduler/sjf.ts?raw';
import normalizerSource from '../../patchable/tokenizer/normalizer.ts?raw';
import type { Output } from '../../contract/index.ts';
import type { Language } from './compiled-module.ts';
import { kernelSignature } from './kernel/kernel-signature.ts';

type Resource = Output<'code', 'resource'>;
export type Provider = 'wasm' | 'webgpu';
type Variant = Resource['variants'][number];

export interface Definition extends Pick<Resource, 'id' | 'service' | 'kind' | 'title' | 'signature'> {
  /** The first is that of the built-in version. */
  languages: readonly Language[];
  /** The version that is active unless it is patched; attention has one a provider. */
  builtIn(provider: Provider): string;
  /** Every version that came with the workbench. */
  variants: readonly Variant[];
}

/** The comment that a file begins with: why it exists. */
export function describe(source: string): string {
  const [, block, lines] = /^(?:\/\*\*\s*([\s\S]*?)\s*\*\/|((?:\/\/.*\n)+))/.exec(source) ?? [];
  return block?.replace(/\s*\n \*\s*/g, ' ') ?? lines?.replace(/\s*(?:^|\n)\/\/\s*/g, ' ').trim() ?? '';
}

const variant = (name: string, source: string): Variant => ({ name, description: describe(source), source });

const fragment = (
  name: string,
  title: string,
  type: string,
  builtIn: Definition['builtIn'],
  variants: readonly Variant[] = [],
): Definition => ({
  id: `model.${name}`,
  service: 'model',
  kind: 'fragment',
  languages: ['typescript', 'python'],
  title,
  signature: `import type { ${type} } from '../../engine/graph/index.ts';\n\ndeclare const ${name}: ${type};\nexport default ${name};\n`,
  builtIn,
  variants,
});

const ATTENTION = {
  naive: naiveSource,
  grouped: groupedSource,
  flash_attention: flashSource,
  sliding_window: slidingWindowSource,
};
const POLICY_SOURCES: Record<string, string> = {
  fcfs: fcfsSource,
  priority: prioritySource,
  sjf: sjfSource,
  hrrn: hrrnSource,
  lpm: lpmSource,
  fair: fairSource,
  edf: edfSource,
};
const EVICTION_SOURCES: Record<string, string> = { lru: lruSource, lfu: lfuSource, fifo: fifoSource };

export const CATALOGUE: readonly Definition[] = [
  fragment(
    'attention',
    'Attention',
    'AttentionFragment',
    (provider) => ATTENTION[DEFAULT_KERNEL[provider]],
    Object.entries(ATTENTION).map(([name, source]) => variant(name, source)),
  ),
  fragment('mlp', 'MLP', 'MlpFragment', () => mlpSource),
  fragment('norm', 'Norm', 'NormFragment', () => normSource),
  fragment('position', 'Positions', 'PositionFragment', () => positionSource),
  {
    id: 'sampler',
    service: 'model',
    kind: 'function',
    languages: ['typescript'],
    title: 'Sampler',
    signature:
      "import type { SamplingFunction } from '../../engine/sampler.ts';\n\ndeclare const sample: SamplingFunction;\nexport default sample;\n",
    builtIn: () => samplerSource,
    variants: [],
  },
  {
    id: 'scheduler.policy',
    service: 'scheduler',
    kind: 'function',
    languages: ['typescript'],
    title: 'Scheduling policy',
    signature:
      "import type { PolicySource } from '../../engine/policy.ts';\n\ndeclare const policy: PolicySource;\nexport default policy;\n",
    builtIn: () => fcfsSource,
    variants: POLICIES.map(({ name, rule }) => ({ name, description: rule, source: POLICY_SOURCES[name]! })),
  },
  {
    id: 'memory.eviction',
    service: 'memory',
    kind: 'function',
    languages: ['typescript'],
    title: 'Eviction rule',
    signature:
      "import type { EvictionSource } from '../../engine/eviction.ts';\n\ndeclare const rule: EvictionSource;\nexport default rule;\n",
    builtIn: () => lruSource,
    variants: EVICTION_RULES.map(({ name, rule }) => ({ name, description: rule, source: EVICTION_SOURCES[name]! })),
  },
  {
    id: 'tokenizer.normalizer',
    service: 'tokenizer',
    kind: 'function',
    languages: ['typescript'],
    title: 'Normalizer',
    signature:
      "import type { TextNormalizer } from '../../engine/text/text-normalizer.ts';\n\ndeclare const normalize: TextNormalizer;\nexport default normalize;\n",
    builtIn: () => normalizerSource,
    variants: [],
  },
  ...SHADER_KERNELS.map((kernel): Definition => ({
    id: `kernel.${kernel.name}`,
    service: 'computation',
    kind: 'kernel',
    languages: ['wgsl'],
    title: kernel.title,
    signature: kernelSignature(kernel),
    builtIn: () => kernel.source,
    variants: [],
  })),
];
