/** Which code is patched now, as the worker tells with every change, whoever made it; titles are asked for once. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useClient } from '../client-context.tsx';
import { useObserved } from '../use-observed.ts';

export interface ActivePatch {
  id: string;
  title: string;
  revisionId: string;
}

export function useActivePatches(): readonly ActivePatch[] {
  const client = useClient();
  const patched = useObserved(client.patched);
  const { data: titles } = useQuery({
    queryKey: ['titles of code resources'],
    enabled: patched.length > 0,
    // By the port: what the page asks for itself must not fill the network panel of someone who watches their own calls.
    queryFn: async ({ signal }) => {
      const { resources } = await client.via('direct').get('code', 'resources', {}, { signal });
      return new Map(resources.map(({ id, title }) => [id, title]));
    },
    staleTime: Infinity,
  });
  return useMemo(() => patched.map(({ id, revisionId }) => ({ id, title: titles?.get(id) ?? id, revisionId })), [patched, titles]);
}
