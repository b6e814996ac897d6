/** All that Ctrl-K finds: panels, their parts, what services and browser hold, the contract. Made when it opens; a key press only ranks. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Client } from '../../client/client.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import { type Found, place } from '../kit/search/entry.tsx';
import type { SearchGroup } from '../kit/search/ranking.ts';
import { panelSearches } from './panel-searches.ts';
import { panels } from './panels.ts';

type Groups = readonly SearchGroup<Found>[];

const searches = Object.values(panelSearches);
const NONE: Groups = [];

/** @param opened while nobody looks, nothing is asked; while somebody types, it is not asked again */
export function useSearchGroups(opened: boolean): Groups {
  const client = useClient();
  const { worker } = useHealth();
  const { data: held = NONE } = useQuery({
    queryKey: ['search', 'held'],
    enabled: opened && worker === 'ready',
    staleTime: 0,
    retry: false,
    queryFn: ({ signal }) => heldNow(client, signal),
  });
  return useMemo(
    () => [...placeGroups(), ...held, ...(opened ? searches.flatMap(({ kept }) => kept?.() ?? []) : []), ...steadyGroups()],
    [held, opened],
  );
}

/** A service that does not answer is left out. */
async function heldNow(client: Client, signal: AbortSignal): Promise<Groups> {
  const answers = await Promise.all(searches.map(({ held }) => held?.(client.via('direct'), signal).catch(() => NONE) ?? NONE));
  return answers.flat();
}

export const placeGroups = (): Groups => [
  {
    group: 'Panels',
    first: true,
    entries: panels.map(({ path, title, icon, purpose }) => place({ href: path, label: title, description: purpose, icon })),
  },
  {
    group: 'Parts of the page',
    entries: panels.flatMap(({ path: at, title, icon }) =>
      (panelSearches[at]?.parts ?? []).map(({ label, description, path = '', keywords = '', selector }) =>
        place({
          id: `part:${at}:${label}`,
          href: `${at}${path}`,
          ...{ label, keywords, icon },
          description: `${title}: ${description}`,
          ...(selector && { selector }),
        }),
      ),
    ),
  },
  { group: 'Ready-made', entries: searches.flatMap(({ readyMade = [] }) => readyMade) },
];

/** The contract does not change while the page is open. */
let made: Groups | undefined;

export const steadyGroups = (): Groups => (made ??= searches.flatMap(({ groups }) => groups?.() ?? []));
