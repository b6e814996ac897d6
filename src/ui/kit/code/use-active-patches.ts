/** Which code is patched now: asked of the code service's state, which costs nothing; titles come once for each change. */
import { useQuery } from '@tanstack/react-query';
import type { Client } from '../../../client/client.ts';
import { useClient, useHealth } from '../client-context.tsx';
import { codeKey } from './resource-queries.ts';

export interface ActivePatch {
  id: string;
  title: string;
  revisionId: string;
}

/** A call from elsewhere, a script's or another program's, is seen as late as that. */
const EVERY_MS = 1000;

let titles: { of: string; by: ReadonlyMap<string, string> } = { of: '', by: new Map() };

/** By the port: a status light must not fill the network panel of someone who watches their own calls. */
async function patchedNow(client: Client, signal: AbortSignal): Promise<ActivePatch[]> {
  const { state } = await client.via('direct').get('code', 'info', {}, { signal });
  const patched = Object.entries(state.patched ?? {});
  if (patched.length === 0) return [];
  const key = JSON.stringify(patched);
  if (titles.of !== key) {
    const { resources } = await client.via('direct').get('code', 'resources', {}, { signal });
    titles = { of: key, by: new Map(resources.map(({ id, title }) => [id, title])) };
  }
  return patched.map(([id, revisionId]) => ({ id, title: titles.by.get(id) ?? id, revisionId }));
}

const NONE: readonly ActivePatch[] = [];

export function useActivePatches(): readonly ActivePatch[] {
  const client = useClient();
  const { worker } = useHealth();
  const { data } = useQuery({
    // Below the panel's key: what it applies and reverts is seen at once.
    queryKey: [...codeKey, 'active'],
    enabled: worker === 'ready',
    queryFn: ({ signal }) => patchedNow(client, signal),
    refetchInterval: EVERY_MS,
    retry: false,
  });
  return data ?? NONE;
}
