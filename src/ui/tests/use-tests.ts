/** Everything the panel shows and does: the cases of all services, their states, and what starts and stops runs. */
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { type Output, routes, type ServiceName, serviceNames } from '../../contract/index.ts';
import { localTexts } from '../../environment/text-store.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import { useObserved } from '../kit/use-observed.ts';
import { Bench, caseState, type CaseState, changedCases } from './bench.ts';
import { caseOf, inOrder, type ListedExample, type TestCase } from './cases.ts';
import { execute } from './execute.ts';
import { slowFrom } from './history.ts';
import { toTestCase } from './own-cases.ts';
import { useActiveCode } from './use-active-code.ts';

const bench = new Bench(localTexts);
addEventListener('pagehide', () => bench.flush());

const NOTHING_ACTIVE = { weightsHash: null, revisions: {} };

export function useTests(both: boolean) {
  const client = useClient();
  const { worker } = useHealth();
  const state = useObserved(bench.state);
  const { data: active, dataUpdatedAt: activeAt } = useActiveCode();
  const { listed, leftOut, loading, problems, retry } = useListedCases(active?.weightsHash);

  const cases = useMemo(
    () =>
      inOrder(
        listed,
        state.own.flatMap((own) => toTestCase(own) ?? []),
      ),
    [listed, state.own],
  );
  const states = useMemo(() => new Map(cases.map((test) => [test.key, caseState(state, test)])), [cases, state]);
  const stateOf = useCallback((test: TestCase): CaseState => states.get(test.key) ?? caseState(bench.state.get(), test), [states]);
  const slowMs = useMemo(
    () => slowFrom([...states.values()].flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]))),
    [states],
  );
  const changed = useMemo(() => (active ? changedCases(state, cases, active) : []), [state, cases, active]);

  const run = useCallback(
    (chosen: readonly TestCase[]) => bench.run(chosen, active ?? NOTHING_ACTIVE, (test, signal) => execute(client, test, { both, signal })),
    [client, active, both],
  );

  return {
    bench,
    cases,
    state,
    stateOf,
    slowMs,
    changed,
    active,
    activeAt,
    run,
    leftOut,
    loading,
    problems,
    retry,
    ready: worker === 'ready',
  };
}

export type Tests = ReturnType<typeof useTests>;

const examplesRoute = (service: ServiceName) => routes.find((route) => route.service === service && route.operation === 'examples')!;

interface Listed {
  cases: TestCase[];
  leftOut: Output<'tokenizer', 'examples'>['left_out'];
}

interface ListProblem {
  service: ServiceName;
  error: unknown;
}

/** The examples as the services give them out, over the active transport, when the panel opens and for each model; those that hold for another are told apart. */
function useListedCases(weightsHash: string | null | undefined) {
  const client = useClient();
  const { worker, restful } = useHealth();
  const answers = useQueries({
    queries: serviceNames.map((service) => ({
      queryKey: ['tests', 'examples', service, weightsHash ?? null],
      enabled: worker === 'ready' && restful !== 'starting',
      staleTime: Number.POSITIVE_INFINITY,
      retry: 1,
      placeholderData: keepPreviousData<Listed>,
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Listed> => {
        const { examples, left_out: leftOut } = (await client.call(examplesRoute(service), {}, { signal })) as Output<
          'tokenizer',
          'examples'
        >;
        const runs = (examples as ListedExample[]).filter(({ name }) => !leftOut.some((each) => each.name === name));
        return { cases: runs.flatMap((example) => caseOf(example) ?? []), leftOut };
      },
    })),
    combine: (results) => ({
      listed: results.flatMap(({ data }) => data?.cases ?? []),
      leftOut: results.flatMap(({ data }) => data?.leftOut ?? []),
      loading: results.some(({ isPending }) => isPending),
      problems: results.flatMap(({ error }, index): ListProblem[] => (error ? [{ service: serviceNames[index]!, error }] : [])),
      refetch: results.filter(({ error }) => error).map(({ refetch }) => refetch),
    }),
  });
  const { listed, leftOut, loading, problems, refetch } = answers;
  return {
    listed,
    leftOut,
    loading,
    problems,
    retry: () => {
      for (const again of refetch) void again();
    },
  };
}

/** Keys that act wherever the focus is, but not while someone writes or a dialog is open. */
export function useKeys(onKey: (event: KeyboardEvent) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      if (target.closest('[role=dialog], [role=menu]')) return;
      onKey(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [onKey]);
}
