/** What the answers depend on at this moment: the weights, and the patched code where the code service is built. */
import { useQuery } from '@tanstack/react-query';
import type { PageClient } from '../../client/page-client.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import type { ActiveCode } from './history.ts';

const ASK_EVERY_MS = 2000;

export function useActiveCode() {
  const client = useClient();
  const { worker } = useHealth();
  return useQuery({
    queryKey: ['tests', 'active'],
    enabled: worker === 'ready',
    queryFn: () => askActiveCode(client),
    refetchInterval: ASK_EVERY_MS,
    retry: false,
  });
}

/** By the port: it must not fill the network log of someone who watches their own calls. */
export async function askActiveCode(client: PageClient): Promise<ActiveCode> {
  const [model, code] = await Promise.all([
    client.send('model', 'info', {}, { mode: 'direct' }),
    client.send('code', 'resources', {}, { mode: 'direct' }),
  ]);
  const state = model.ok ? (model.data as { state: { weights: { weights_hash: string } | null } }).state : null;
  const resources = code.ok ? (code.data as { resources: { id: string; kind: string; revision_id: string | null }[] }).resources : [];
  return {
    weightsHash: state?.weights?.weights_hash ?? null,
    // Scripts are no part of what the services answer with.
    revisions: Object.fromEntries(resources.filter(({ kind }) => kind !== 'script').map(({ id, revision_id }) => [id, revision_id ?? ''])),
  };
}
