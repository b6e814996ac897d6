/** Experiments: put together on the left, kept and opened on the right; the address says which is open. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError } from '../../../contract/index.ts';
import { useClient, useHealth } from '../../kit/client-context.tsx';
import { navigate, pathPart, useHashSearch } from '../../kit/address/hash-location.ts';
import { LinkNotice, Remarks } from '../../kit/address/link-notice.tsx';
import { linkedText } from '../../kit/address/linked-text.ts';
import { NotFound } from '../../kit/not-found.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { ModelNotice } from '../../kit/model/model-notice.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import { plansQuery } from '../queries.ts';
import { addressOf, readAddress } from './address.ts';
import { Builder, DEFAULT_PLAN } from './builder.tsx';
import { draftOf, EMPTY_DRAFT, type ExperimentDraft } from './draft.ts';
import type { ExperimentInput } from './experiment.ts';
import { ExperimentList } from './experiment-list.tsx';
import { LinkedExperiment } from './linked-experiment.tsx';
import { OpenedExperiment } from './opened-experiment.tsx';
import { useActions, useExperiment, useExperiments } from './use-experiments.ts';
import { Blank, Columns, Frame, Main, Side } from '../../kit/layout/frame.tsx';
import { useIntoSight } from '../../kit/layout/use-into-sight.ts';

/** The draft outlives the view: going to another panel and back loses nothing. */
let kept: ExperimentDraft = EMPTY_DRAFT;

export function ExperimentsView() {
  const { id, beside, linked, plan, remarks: unread } = useAddress();
  const client = useClient();
  const { worker } = useHealth();
  const { data: model } = useModel();
  const {
    data: plans,
    refetch,
    isFetching,
  } = useQuery({
    ...plansQuery(client, model?.weights?.weights_hash),
    enabled: worker === 'ready' && plan !== null,
  });
  const list = useExperiments();
  const all = list.data ?? [];
  const opened = id ?? (linked === null ? (all[0]?.id ?? null) : null);
  const experiment = useExperiment(opened);
  const gone = opened !== null && experiment.error !== null && ApiError.from(experiment.error).code === 'not_found';
  const { start } = useActions();
  const [draft, setDraft] = useState(kept);
  // The link of a plan: once what there is is known.
  const [begun, setBegun] = useState<string | null>(null);
  if (plan !== begun && (plan === null || plans?.some((each) => each.id === plan))) {
    setBegun(plan);
    if (plan !== null) setDraft({ ...draft, planId: plan === DEFAULT_PLAN ? null : plan });
  }
  // It may be newer than what is remembered here.
  useEffect(() => {
    if (plan !== null && worker === 'ready') void refetch();
  }, [plan, worker, refetch]);
  const remarks = [...unread, ...missing('plan', plan, isFetching ? undefined : plans), ...missing('experiment', beside, list.data)];
  useEffect(() => {
    kept = draft;
  }, [draft]);

  const form = useRef<HTMLElement>(null);
  const { ref: results, narrow, show: showResults } = useIntoSight<HTMLDivElement>();
  const run = (input: ExperimentInput) =>
    start.mutate(input, {
      onSuccess: (made) => {
        navigate(addressOf({ id: made.id }));
        showResults();
      },
    });
  const change = (input: ExperimentInput) => {
    setDraft(draftOf(input));
    if (linked !== null) navigate(addressOf({}), { replace: true });
    form.current?.scrollIntoView();
  };
  const notice = remarks.length > 0 && (
    <LinkNotice tone="warn" actions={[{ label: 'Close', run: () => navigate(addressOf({ id }), { replace: true }) }]}>
      <Remarks remarks={remarks} />
    </LinkNotice>
  );
  return (
    <Frame>
      <Columns formFirst>
        <Side ref={form} aria-label="New experiment">
          {narrow && notice}
          <Builder draft={draft} busy={start.isPending} onChange={setDraft} onRun={run} />
        </Side>
        <Main ref={results}>
          {!narrow && notice}
          {!model?.weights && <ModelNotice model={model} />}
          {start.error !== null && <ProblemAlert error={start.error} />}
          {list.error !== null && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
          {linked !== null && <LinkedExperiment link={linked} busy={start.isPending} onRun={run} onChange={change} />}
          {all.length > 0 && <ExperimentList experiments={all} opened={opened} />}
          {gone && (
            <NotFound
              what="experiment"
              id={opened}
              known={all.map((each) => ({ id: each.id, title: each.name, href: addressOf({ id: each.id }) }))}
              hint="It was deleted, or run in another browser."
            />
          )}
          {experiment.error !== null && opened !== null && !gone && <ProblemAlert error={experiment.error} />}
          {experiment.data && opened !== null && (
            <OpenedExperiment
              key={opened}
              experiment={experiment.data}
              beside={beside === opened ? null : beside}
              all={all}
              onChange={change}
            />
          )}
          {list.data?.length === 0 && linked === null && <Welcome />}
        </Main>
      </Columns>
    </Frame>
  );
}

/** Experiments are named after `?`; in the path they are understood too. */
function useAddress() {
  const search = useHashSearch();
  const named = pathPart(useLocation()[0], 3);
  const address = readAddress(search);
  return { ...address, id: address.id ?? (named || null) };
}

/** A name of the address that nothing here has, in a sentence. */
const missing = (what: string, id: string | null, known: readonly { id: string }[] | undefined): string[] =>
  id === null || !known || known.some((each) => each.id === id) ? [] : [`There is no ${what} “${linkedText(id)}”.`];

function Welcome() {
  return (
    <Blank title="Measure what a choice costs">
      <p>
        An experiment runs a plan under every combination of the values that you give: kernels, lengths, batch sizes, memory strategies,
        policies. Each run is warmed up and served by an engine of its own, beside the loaded model. Tables and plots compare the runs, and
        a record holds all that repeating them needs.
      </p>
      <p>Begin with one of the presets, or add a field of the plan and give it more than one value.</p>
    </Blank>
  );
}
