/** Patches by resource, and the code that they come to with what is built in. */
import type { EvictionSource, PolicySource, SamplingFunction } from '../../engine/index.ts';
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { TextNormalizer } from '../../engine/text/text-normalizer.ts';
import { lru } from '../../patchable/memory/index.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import builtInSample from '../../patchable/sampler/default.ts';
import { fcfs } from '../../patchable/scheduler/index.ts';
import builtInNormalizer from '../../patchable/tokenizer/normalizer.ts';
import type { Provider } from '../../ports/provider.ts';
import { kindOf } from '../code/kinds/index.ts';

/** A version that can be made active. */
export interface Patch {
  revisionId: string;
  /** The default export; of a kernel its source. */
  exported: unknown;
}

export type Patches = ReadonlyMap<string, Patch>;

/** Everything that runs. */
export interface ModelCode {
  fragments: ModelFragments;
  /** What prefix hashes carry: the code that makes keys and values. Empty while all of it is built in. */
  fragmentRevision: string;
  sample: SamplingFunction;
  policy: PolicySource;
  eviction: EvictionSource;
  normalize: TextNormalizer;
}

/** Whether it builds a part of the graph. */
export const isFragment = (id: string): boolean => (kindOf(id)?.fragment ?? null) !== null;

/** @param provider whose built-in fragments stand where none is patched */
export function codeOf(patches: Patches, provider: Provider): ModelCode {
  const exported = <T>(id: string, builtIn: T): T => (patches.get(id)?.exported as T | undefined) ?? builtIn;
  const fragments = [...patches].filter(([id]) => isFragment(id));
  return {
    fragments: {
      ...builtinFragments(provider),
      ...(Object.fromEntries(fragments.map(([id, patch]) => [kindOf(id)!.fragment, patch.exported])) as Partial<ModelFragments>),
    },
    fragmentRevision: fragments
      .map(([id, { revisionId }]) => `${id}@${revisionId}`)
      .toSorted()
      .join('+'),
    sample: exported('sampler', builtInSample),
    policy: exported('scheduler.policy', fcfs),
    eviction: patches.has('memory.eviction') ? patchedEviction(patches.get('memory.eviction')!.exported) : lru,
    normalize: exported('tokenizer.normalizer', builtInNormalizer),
  };
}

/** @param patch `null`: the built-in version */
export function withPatch(patches: Patches, id: string, patch: Patch | null): Patches {
  const next = new Map(patches);
  if (patch) next.set(id, patch);
  else next.delete(id);
  return next;
}

export const without = (patches: Patches, ids: readonly string[]): Patches => new Map([...patches].filter(([id]) => !ids.includes(id)));

/** A rule made of a default export, told apart from those that came with the workbench. */
export function patchedEviction(exported: unknown): EvictionSource {
  const rule = exported as EvictionSource;
  return { name: 'patched', rule: rule.rule, score: (block) => rule.score(block) };
}
