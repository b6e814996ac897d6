/** Asks what an intervention does: the sequence once with its tap and once without. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useClient } from '../../kit/client-context.tsx';
import type { Effect } from './candidates.ts';
import { callOf, type Intervention } from './intervention.ts';

export function useIntervention(tokenIds: number[], intervention: Intervention, weightsHash: string | undefined, enabled: boolean) {
  const client = useClient();
  const call = callOf(tokenIds, intervention);
  return useQuery({
    queryKey: ['playground', 'intervention', weightsHash, JSON.stringify(call)],
    queryFn: async ({ signal }): Promise<Effect> => {
      const { effect } = await client.post('model', 'forward', call, { signal });
      if (!effect?.[0]) throw new RangeError('The forward pass told no effect.');
      return effect[0];
    },
    enabled: enabled && tokenIds.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    // A patch changes what the same call gives.
    staleTime: 0,
    retry: false,
  });
}
