/** The comparison in sight, by resource: it outlives the panel, and can be stopped. */
import { useCallback, useSyncExternalStore } from 'react';
import { ApiError } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { compareWithBuiltIn, type Effect, type Question } from './compare.ts';

export interface EffectRun {
  state: 'running' | 'done' | 'failed' | 'stopped';
  /** The last one that came to its end. */
  effect: Effect | null;
  error: ApiError | null;
}

let runs: Readonly<Record<string, EffectRun>> = {};
const aborts = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function update(id: string, change: Partial<EffectRun>): void {
  runs = { ...runs, [id]: { state: 'running', effect: null, error: null, ...runs[id], ...change } };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useEffectRun(id: string) {
  const client = useClient();
  const run = useSyncExternalStore(subscribe, () => runs[id] ?? null);

  const compare = useCallback(
    async (question: Question) => {
      aborts.get(id)?.abort();
      const abort = new AbortController();
      aborts.set(id, abort);
      update(id, { state: 'running', error: null });
      try {
        const effect = await compareWithBuiltIn(client, id, question, abort.signal);
        if (aborts.get(id) === abort) update(id, { state: 'done', effect });
      } catch (thrown) {
        if (aborts.get(id) !== abort) return;
        const error = ApiError.from(thrown);
        update(id, abort.signal.aborted || error.code === 'cancelled' ? { state: 'stopped' } : { state: 'failed', error });
      }
    },
    [client, id],
  );
  const stop = useCallback(() => aborts.get(id)?.abort(), [id]);
  const forget = useCallback(() => {
    aborts.get(id)?.abort();
    aborts.delete(id);
    const { [id]: _, ...others } = runs;
    runs = others;
    for (const listener of listeners) listener();
  }, [id]);
  return { run, compare, stop, forget };
}
