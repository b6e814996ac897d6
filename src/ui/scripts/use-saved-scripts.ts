/** The scripts that the code service holds, whoever saved them: brought into the catalogue, saved and deleted there. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Client } from '../../client/client.ts';
import { ApiError } from '../../contract/index.ts';
import { codeKey } from '../kit/code/resource-queries.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import { catalogue, type SavedScript, type ScriptEntry } from './catalogue.ts';

/** Other tabs and programs save too. */
const EVERY_MS = 4000;
const savedKey = [...codeKey, 'saved scripts'] as const;

async function savedNow(client: Client, signal: AbortSignal): Promise<SavedScript[]> {
  const { resources } = await client.via('direct').get('code', 'resources', { kind: 'script' }, { signal });
  const saved = await Promise.all(
    resources.map(async ({ id, title, language }) => ({
      ...{ id, title, language: language === 'python' ? ('python' as const) : ('typescript' as const) },
      source: (await client.via('direct').get('code', 'resources/{id}', { id }, { signal })).source,
    })),
  );
  catalogue.setSaved(saved);
  return saved;
}

export function useSavedScripts() {
  const client = useClient();
  const queries = useQueryClient();
  const { worker } = useHealth();
  const { isPending } = useQuery({
    queryKey: savedKey,
    enabled: worker === 'ready',
    queryFn: ({ signal }) => savedNow(client, signal),
    refetchInterval: EVERY_MS,
    retry: false,
  });
  const [refused, setRefused] = useState<{ id: string; error: ApiError } | null>(null);

  const change = useCallback(
    async (id: string, work: () => Promise<unknown>): Promise<boolean> => {
      setRefused(null);
      try {
        await work();
        await queries.refetchQueries({ queryKey: savedKey });
        return true;
      } catch (thrown) {
        setRefused({ id, error: ApiError.from(thrown) });
        return false;
      }
    },
    [queries],
  );
  const save = useCallback(
    ({ id, source, language }: ScriptEntry) => change(id, () => client.put('code', 'resources/{id}', { id, source, language })),
    [change, client],
  );
  const remove = useCallback(({ id }: ScriptEntry) => change(id, () => client.delete('code', 'resources/{id}', { id })), [change, client]);
  const dismiss = useCallback(() => setRefused(null), []);
  return { isPending, refused, dismiss, save, remove };
}
