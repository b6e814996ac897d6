/** All that Ctrl-K finds: the page, what services and browser hold, the contract. Made when it opens; a key press only ranks. */
import { useMemo } from 'react';
import { contractGroups } from './search-contract.tsx';
import type { Found } from './search-entry.tsx';
import { useHeldGroups } from './search-held.tsx';
import { placeGroups } from './search-places.tsx';
import type { SearchGroup } from './search-ranking.ts';

export function useSearchGroups(opened: boolean): readonly SearchGroup<Found>[] {
  const held = useHeldGroups(opened);
  return useMemo(() => [...placeGroups(), ...held, ...contractGroups()], [held]);
}
