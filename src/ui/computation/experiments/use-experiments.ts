/** The experiments of the service as queries, and what one can do with them. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Client } from '../../../client/client.ts';
import { useClient } from '../../kit/client-context.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { type Experiment, type ExperimentInput, isActive } from './experiment.ts';

const KEY = ['computation', 'experiments'] as const;
const oneKey = (id: string) => [...KEY, 'one', id] as const;
/** While one runs. */
const BUSY_MS = 300;
/** Scripts make experiments too. */
const IDLE_MS = 3000;

/** Light enough to be asked often; asked by the port, so that it stays out of a network log. */
const listQuery = (client: Client) =>
  queryOptions({
    queryKey: [...KEY, 'list'],
    queryFn: ({ signal }) => client.via('direct').get('computation', 'experiments', {}, { signal }),
    select: ({ experiments }) => experiments,
    refetchInterval: ({ state }) => (state.data?.experiments.some(isActive) ? BUSY_MS : IDLE_MS),
    retry: false,
  });

export const useExperiments = () => useQuery(listQuery(useClient()));

/** An experiment with its runs, fetched anew whenever the list says that it went on. */
export function useExperiment(id: string | null) {
  const client = useClient();
  const { data: list } = useExperiments();
  const query = useQuery({
    queryKey: oneKey(id ?? ''),
    queryFn: ({ signal }) => client.via('direct').get('computation', 'experiments/{id}', { id: id ?? '' }, { signal }),
    enabled: id !== null,
    retry: false,
  });
  const summary = list?.find((each) => each.id === id);
  const standing = summary && `${summary.state} ${summary.progress.runs_done}`;
  const { refetch } = query;
  useEffect(() => {
    if (standing) void refetch();
  }, [standing, refetch]);
  return query;
}

export function useActions() {
  const client = useClient();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: KEY });
  /** Answered at once with the id: an experiment is not tied to the view that began it. */
  const start = useMutation({
    mutationFn: (input: ExperimentInput) => client.post('computation', 'experiments', input),
    onSuccess: (experiment) => {
      queries.setQueryData(oneKey(experiment.id), experiment);
      return refresh();
    },
  });
  /** One that runs is stopped, one that has ended is deleted. */
  const end = useMutation({
    mutationFn: (id: string) => client.delete('computation', 'experiments/{id}', { id }),
    onSuccess: ({ id, deleted }) => {
      if (deleted) queries.removeQueries({ queryKey: oneKey(id) });
      return refresh();
    },
  });
  return { start, end };
}

/** Asks the service what an input would run, and what stands against it, without running it. */
export function useCheck(input: ExperimentInput | null) {
  const client = useClient();
  const { data: model } = useModel();
  const [asked] = useDebouncedValue(JSON.stringify(input), 250);
  return useQuery({
    queryKey: [...KEY, 'check', asked, model?.weights?.weights_hash],
    queryFn: ({ signal }): Promise<Experiment> =>
      client
        .via('direct')
        .post('computation', 'experiments', { ...(JSON.parse(asked) as ExperimentInput), validate_only: true }, { signal }),
    enabled: input !== null && Boolean(model?.weights),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
}
