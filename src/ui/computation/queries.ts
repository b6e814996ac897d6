/** What the panel asks of the computation service, as queries. */
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';

export const kernelsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['computation', 'kernels'],
    queryFn: ({ signal }) => client.get('computation', 'kernels', {}, { signal }),
    select: ({ kernels }) => kernels,
    retry: false,
  });

/** @param weights in force: another model is another answer to whether a plan can run */
export const plansQuery = (client: Client, weights: string | undefined) =>
  queryOptions({
    queryKey: ['computation', 'plans', weights],
    queryFn: ({ signal }) => client.get('computation', 'plans', {}, { signal }),
    select: ({ plans }) => plans,
    retry: false,
  });
