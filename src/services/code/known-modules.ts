/** The modules whose values patched code may import: the graph builder, random numbers, and the built-in resources, to build on them. */
import * as graph from '../../engine/graph/index.ts';
import { randomAt } from '../../engine/sampler.ts';
import { EVICTION_RULES } from '../../patchable/memory/index.ts';
import { ATTENTION_KERNELS } from '../../patchable/model/index.ts';
import mlp from '../../patchable/model/mlp.ts';
import norm from '../../patchable/model/norm.ts';
import position from '../../patchable/model/position.ts';
import sample from '../../patchable/sampler/default.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import normalize from '../../patchable/tokenizer/normalizer.ts';

const { naive, grouped, flash_attention: flash, sliding_window: slidingWindow } = ATTENTION_KERNELS;

/** By path below `src`, without the extension. */
export const KNOWN_MODULES: Readonly<Record<string, object>> = {
  'engine/graph/index': graph,
  'engine/sampler': { randomAt },
  'patchable/model/attention.naive': { default: naive },
  'patchable/model/attention.grouped': { default: grouped },
  'patchable/model/attention.flash': { default: flash },
  'patchable/model/attention.sliding_window': { default: slidingWindow },
  'patchable/model/mlp': { default: mlp },
  'patchable/model/norm': { default: norm },
  'patchable/model/position': { default: position },
  'patchable/sampler/default': { default: sample },
  'patchable/tokenizer/normalizer': { default: normalize },
  ...Object.fromEntries(POLICIES.map((policy) => [`patchable/scheduler/${policy.name}`, { default: policy }])),
  ...Object.fromEntries(EVICTION_RULES.map((rule) => [`patchable/memory/${rule.name}`, { default: rule }])),
};

/** The module that a specifier such as `../../engine/graph/index.ts` or `./attention.naive.ts` means. */
export function knownModule(specifier: string): string | null {
  const path = specifier.replace(/^(?:\.{1,2}\/)+/, '').replace(/\.ts$/, '');
  return Object.keys(KNOWN_MODULES).find((name) => name === path || (path !== '' && name.endsWith(`/${path}`))) ?? null;
}
