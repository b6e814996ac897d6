/** What may have silenced the worker, from what it said it would do: that does not come back by itself. */
import type { Suspect } from './contract/left-out.ts';
import { resourceKind } from './contract/resource-kind.ts';
import type { PatchName, Work } from './environment/work.ts';

interface Suspicion {
  patches: Suspect[];
  /** Whether it may be the model, where that is new. While there are patches to suspect, it is not. */
  isModel: boolean;
}

/** @param patched active */
export function suspicionOf(work: Work | null, patched: readonly PatchName[]): Suspicion {
  const patches = patchesAt(work, patched);
  return { patches, isModel: patches.length === 0 && work?.kind !== 'script' };
}

/**
 * What it said it would do; where it said nothing, or was to look something up, everything that it might have done: a patch can replace what
 * our own code calls. Work of ours that may take long is no patch's.
 */
function patchesAt(work: Work | null, patched: readonly PatchName[]): Suspect[] {
  if (!work || work.kind === 'look') return patched.map((patch) => ({ ...patch, why: 'active' }));
  const atWork = (patches: readonly PatchName[]) => patches.map((patch) => ({ ...patch, why: 'silent' as const }));
  if (work.patch) return atWork([work.patch]);
  // A graph is made of fragments.
  return work.kind === 'runtime' ? atWork(patched.filter(({ id }) => resourceKind(id) === 'fragment')) : [];
}
