/** Gives components the runs, and re-renders at most once a frame while tokens come. */
import { useMemo } from 'react';
import { useClient } from '../kit/client-context.tsx';
import { useEachFrame, useObserved } from '../kit/use-observed.ts';
import type { Run } from './run.ts';
import { type RunStore, type Runs, runStoreOf } from './run-store.ts';

function useFromRuns<T extends string | number | boolean>(runs: readonly Run[], read: () => T): T {
  return useEachFrame(
    useMemo(() => runs.map(({ version }) => version), [runs]),
    read,
  );
}

const useOne = (run: Run | null): readonly Run[] => useMemo(() => (run ? [run] : []), [run]);

/** Changes with every token: for what draws the text. */
export function useRunVersion(run: Run): number {
  return useFromRuns(useOne(run), () => run.version.get());
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
  return [store, useObserved(store.state)];
}
