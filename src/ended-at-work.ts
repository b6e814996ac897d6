/**
 * Where the last worker was ended amid work of our own that may take long, with the patches active then. Once is impatience; twice without an
 * end in between may be a patch that replaced what our own code calls.
 */
import { localTexts } from './environment/text-store.ts';
import type { PatchName } from './environment/work.ts';

const KEY = 'glassbox-ended-at-work';

/** @returns those that were active the last time too, at the same work */
export function noteEnd(what: string, patched: readonly PatchName[]): PatchName[] {
  const names = patched.map(nameOf);
  const before = read();
  if (names.length > 0) localTexts.setItem(KEY, JSON.stringify({ what, patches: names }));
  return before?.what === what ? patched.filter((patch) => before.patches.includes(nameOf(patch))) : [];
}

/** What seemed without end came to one. */
export const forgetEnds = (): void => localTexts.removeItem(KEY);

const nameOf = ({ id, revisionId }: PatchName): string => `${id}@${revisionId}`;

/** What lies there may be of another version, or a neighbour's. */
function read(): { what: string; patches: string[] } | null {
  try {
    const { what, patches } = JSON.parse(localTexts.getItem(KEY) ?? 'null') as { what: unknown; patches: unknown };
    return typeof what === 'string' && Array.isArray(patches)
      ? { what, patches: patches.filter((each) => typeof each === 'string') }
      : null;
  } catch {
    return null;
  }
}
