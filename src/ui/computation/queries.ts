/** What the panel asks of the computation service, as queries. */
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { Output, ServiceState } from '../../contract/index.ts';

export type KernelSummary = Output<'computation', 'kernels'>['kernels'][number];
export type Kernel = Output<'computation', 'kernel'>;
export type Plan = Output<'computation', 'plan'>;

export const kernelsQuery = (client: Client) =>
  queryOptions({
    queryKey: ['computation', 'kernels'],
    queryFn: ({ signal }) => client.get('computation', 'kernels', {}, { signal }),
    select: ({ kernels }) => kernels,
    retry: false,
  });

/** @param revision active: another one is another source */
export const kernelQuery = (client: Client, id: string, revision: string | null) =>
  queryOptions({
    queryKey: ['computation', 'kernels', id, revision],
    queryFn: ({ signal }) => client.get('computation', 'kernels/{id}', { id }, { signal }),
    retry: false,
  });

export const plansKey = ['computation', 'plans'] as const;

/** @param weights active: another model is another answer to whether a plan can run */
export const plansQuery = (client: Client, weights: string | undefined) =>
  queryOptions({
    queryKey: [...plansKey, weights],
    queryFn: ({ signal }) => client.get('computation', 'plans', {}, { signal }),
    select: ({ plans }) => plans,
    retry: false,
  });

/** @param pauseMs between questions, which go by the port: a light that tells what occupies the device must not fill a network log */
export const stateQuery = (client: Client, pauseMs: number | false) =>
  queryOptions({
    queryKey: ['computation', 'info'],
    queryFn: ({ signal }) => client.via('direct').get('computation', 'info', {}, { signal }),
    select: ({ state }): ServiceState<'computation'> => state,
    refetchInterval: pauseMs,
    retry: false,
  });
