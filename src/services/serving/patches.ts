/** Patches by resource, and the code that they come to with what is built in. */
import type { ModelFragments } from '../../engine/graph/index.ts';
import { lru } from '../../patchable/memory/index.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import builtInSample from '../../patchable/sampler/default.ts';
import { fcfs } from '../../patchable/scheduler/index.ts';
import builtInNormalizer from '../../patchable/tokenizer/normalizer.ts';
import type { Provider } from '../../ports/provider.ts';
import { kindOf, type RunCode } from '../code/kinds/index.ts';

/** A version that can be made active. */
export interface Patch {
  revisionId: string;
  /** The default export; of a kernel its source. */
  exported: unknown;
  /** Ends what it does by itself, when it is active no longer. */
  end?: () => void;
}

export type Patches = ReadonlyMap<string, Patch>;

/** Everything that runs. */
export interface ModelCode extends RunCode {
  fragments: ModelFragments;
  /** What prefix hashes carry: the code that makes keys and values. Empty while all of it is built in. */
  fragmentRevision: string;
}

/** Beside the graph, as the workbench comes. */
export const BUILT_IN: RunCode = { sample: builtInSample, policy: fcfs, eviction: lru, normalize: builtInNormalizer };

/** Whether it builds a part of the graph. */
export const isFragment = (id: string): boolean => (kindOf(id)?.fragment ?? null) !== null;

/** @param provider whose built-in fragments stand where none is patched */
export function codeOf(patches: Patches, provider: Provider): ModelCode {
  const exported = new Map(Array.from(patches, ([id, patch]) => [id, patch.exported]));
  const fragments = [...patches].filter(([id]) => isFragment(id));
  return {
    ...runCodeOf(exported, BUILT_IN),
    fragments: { ...builtinFragments(provider), ...fragmentsOf(exported) },
    fragmentRevision: fragments
      .map(([id, { revisionId }]) => `${id}@${revisionId}`)
      .toSorted()
      .join('+'),
  };
}

/** @param exported default exports by resource */
export const runCodeOf = (exported: ReadonlyMap<string, unknown>, builtIn: RunCode): RunCode =>
  [...exported].reduce((code, [id, each]) => ({ ...code, ...kindOf(id)?.fit(each) }), builtIn);

/** @param exported default exports by resource */
export const fragmentsOf = (exported: ReadonlyMap<string, unknown>): Partial<ModelFragments> =>
  Object.fromEntries([...exported].flatMap(([id, each]) => (isFragment(id) ? [[kindOf(id)!.fragment, each]] : [])));

/** @param patch `null`: the built-in version */
export function withPatch(patches: Patches, id: string, patch: Patch | null): Patches {
  const next = new Map(patches);
  if (patch) next.set(id, patch);
  else next.delete(id);
  return next;
}

export const without = (patches: Patches, ids: readonly string[]): Patches => new Map([...patches].filter(([id]) => !ids.includes(id)));
