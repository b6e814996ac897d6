/** The active model, as `GET /model/info` tells it; asked again every few seconds, and twice a second while weights load. */
import { useQuery } from '@tanstack/react-query';
import type { ServiceState } from '../../../contract/index.ts';
import { useClient, useHealth } from '../client-context.tsx';

export type ModelState = ServiceState<'model'>;
export const modelQueryKey = ['model', 'info'] as const;

export function useModel() {
  const client = useClient();
  const { worker } = useHealth();
  return useQuery({
    queryKey: modelQueryKey,
    enabled: worker === 'ready',
    // Always direct: a status light must not fill the network panel of someone who watches their own calls.
    queryFn: async ({ signal }): Promise<ModelState> => {
      const exchange = await client.send('model', 'info', {}, { mode: 'direct', signal });
      if (!exchange.ok) throw new Error(exchange.problem?.detail ?? `The model service answered ${exchange.status}.`);
      return (exchange.data as { state: ModelState }).state;
    },
    refetchInterval: ({ state }) => (state.data?.status === 'loading' || state.data?.loading ? 500 : 4000),
    retry: false,
  });
}
