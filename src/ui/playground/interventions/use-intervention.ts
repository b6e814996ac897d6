/** Asks what an intervention does: the sequence once with its tap and once without. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useClient } from '../../kit/client-context.tsx';
import type { Effect } from './candidates.ts';
import { callOf, type Donor, type Intervention } from './intervention.ts';

/** @param donor null while there is none for a patch, which waits for it; undefined for any other change */
export function useIntervention(
  tokenIds: number[],
  intervention: Intervention,
  weightsHash: string | undefined,
  donor: Donor | null | undefined,
) {
  const client = useClient();
  return useQuery({
    queryKey: ['playground', 'intervention', weightsHash, JSON.stringify([tokenIds, intervention])],
    queryFn: async ({ signal }): Promise<Effect> => {
      const { effect } = await client.post('model', 'forward', callOf(tokenIds, intervention, donor ?? undefined), { signal });
      if (!effect?.[0]) throw new RangeError('The forward pass told no effect.');
      return effect[0];
    },
    enabled: donor !== null && tokenIds.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    // A patch changes what the same call gives.
    staleTime: 0,
    retry: false,
  });
}
