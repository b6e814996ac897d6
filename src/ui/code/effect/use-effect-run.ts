/** The comparison in sight, by resource: it outlives the panel, and can be stopped. */
import { useCallback } from 'react';
import type { ApiError } from '../../../contract/index.ts';
import { Observable } from '../../../environment/observable.ts';
import { useClient } from '../../kit/client-context.tsx';
import { useObserved } from '../../kit/use-observed.ts';
import { Work } from '../../kit/work.ts';
import { compareWithBuiltIn, type Effect, type Question } from './compare.ts';

export interface EffectRun {
  state: 'running' | 'done' | 'failed' | 'stopped';
  /** The last one that came to its end. */
  effect: Effect | null;
  error: ApiError | null;
}

const runs = new Observable<Readonly<Record<string, EffectRun>>>({});
const works = new Map<string, Work>();

const update = (id: string, change: Partial<EffectRun>): void =>
  runs.set({ ...runs.get(), [id]: { state: 'running', effect: null, error: null, ...runs.get()[id], ...change } });

export function useEffectRun(id: string) {
  const client = useClient();
  const run = useObserved(runs)[id] ?? null;

  const compare = useCallback(
    async (question: Question) => {
      works.get(id)?.stop();
      const work = new Work();
      works.set(id, work);
      update(id, { state: 'running', error: null });
      const ended = await work.run((signal) => compareWithBuiltIn(client, id, question, signal));
      if (works.get(id) !== work) return;
      if (ended.state === 'done') update(id, { state: 'done', effect: ended.result });
      else update(id, ended);
    },
    [client, id],
  );
  const stop = useCallback(() => works.get(id)?.stop(), [id]);
  const forget = useCallback(() => {
    works.get(id)?.stop();
    works.delete(id);
    const { [id]: _, ...others } = runs.get();
    runs.set(others);
  }, [id]);
  return { run, compare, stop, forget };
}
