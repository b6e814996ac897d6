/** Gives components the runs, and re-renders at most once a frame while tokens come. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useClient } from '../kit/client-context.tsx';
import type { Run } from './run.ts';
import { type RunStore, type Runs, runStoreOf } from './run-store.ts';

/** What of some runs a component draws: read again at most once a frame, however many tokens come. */
function useFromRuns<T extends string | number | boolean>(runs: readonly Run[], read: () => T): T {
  const subscribe = useCallback(
    (listener: () => void) => {
      let frame = 0;
      const onChange = () => {
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          listener();
        });
      };
      const unsubscribe = runs.map((run) => run.subscribe(onChange));
      return () => {
        cancelAnimationFrame(frame);
        for (const each of unsubscribe) each();
      };
    },
    [runs],
  );
  return useSyncExternalStore(subscribe, read);
}

const useOne = (run: Run | null): readonly Run[] => useMemo(() => (run ? [run] : []), [run]);

/** Changes with every token: for what draws the text. */
export function useRunVersion(run: Run): number {
  return useFromRuns(useOne(run), () => run.version);
}

/** Changes when a generation begins or ends, a branch grows or is chosen, the prompt is known: for all around the text. */
export function useRunPhase(run: Run | null): string {
  return useFromRuns(useOne(run), () =>
    run ? [run.live, run.active.id, run.active.state, run.tree.branches.length, run.prompt !== null, run.promptError !== null].join() : '',
  );
}

/** Whether anything generates. */
export function useLive({ history }: Runs): boolean {
  return useFromRuns(history, () => history.some(({ live }) => live));
}

export function useRunStore(): [RunStore, Runs] {
  const store = runStoreOf(useClient());
  return [store, useSyncExternalStore(store.subscribe, () => store.runs)];
}
