/** The plans, those that came with the workbench and one's own, and the one that is open. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { pathPart } from '../../kit/address/hash-location.ts';
import { useClient, useHealth } from '../../kit/client-context.tsx';
import { Icon } from '../../kit/icons.tsx';
import { NotFound } from '../../kit/not-found.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { ModelNotice } from '../../kit/model/model-notice.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../computation.module.css';
import { type Plan, plansKey, plansQuery } from '../queries.ts';
import { type Choice, Chooser } from '../chooser.tsx';
import { keepDraft, useDrafts } from './drafts.ts';
import { draftOf, NEW, type PlanDraft } from './plan-draft.ts';
import { PlanView } from './plan-view.tsx';
import { BesideList } from '../../kit/layout/side-list.tsx';
import { Callout } from '../../kit/layout/callout.tsx';
import { Waiting } from '../../kit/problem/waiting.tsx';

const BASE = '/computation/plans';

export function PlansView() {
  const client = useClient();
  const queries = useQueryClient();
  const [path, navigate] = useLocation();
  const id = pathPart(path, 3);
  const { worker } = useHealth();
  const { data: model } = useModel();
  const drafts = useDrafts();
  const [deleted, setDeleted] = useState<Plan | null>(null);
  const { data, error, refetch } = useQuery({
    ...plansQuery(client, model?.weights?.weights_hash),
    enabled: worker === 'ready',
    placeholderData: (before) => before,
  });
  const restore = useMutation({
    mutationFn: (plan: Plan) => client.post('computation', 'plans', { ...draftOf(plan), id: plan.id, name: plan.name }),
    onSuccess: async (plan) => {
      setDeleted(null);
      await queries.invalidateQueries({ queryKey: plansKey });
      navigate(`${BASE}/${encodeURIComponent(plan.id)}`);
    },
  });

  if (error || !data) return <Waiting what="plans" error={error} onRetry={() => void refetch()} />;
  const kept = id ? (data.find((plan) => plan.id === id) ?? null) : (data[0] ?? null);
  const missing = kept === null && id !== '' && id !== NEW;
  const selected = missing ? null : (kept?.id ?? NEW);
  const open = (next: string) => navigate(`${BASE}/${encodeURIComponent(next)}`);
  const begin = (draft: PlanDraft) => {
    keepDraft(NEW, draft);
    open(NEW);
  };
  const groups = [
    { title: 'Not kept yet', items: drafts[NEW] || selected === NEW ? [newItem(drafts[NEW])] : [] },
    { title: 'Your own', items: data.filter((plan) => !plan.built_in).map((plan) => itemOf(plan, drafts)) },
    { title: 'Built in', items: data.filter((plan) => plan.built_in).map((plan) => itemOf(plan, drafts)) },
  ].filter(({ items }) => items.length > 0);
  return (
    <BesideList>
      <Chooser label="Plans" groups={groups} selected={selected} base={BASE}>
        <Button variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => (drafts[NEW] ? open(NEW) : begin({}))}>
          New plan
        </Button>
      </Chooser>
      <div className={classes.main}>
        {model?.weights === null && <ModelNotice model={model} />}
        {deleted && (
          <Callout tone="warn" role="status">
            The plan {deleted.name} was deleted.{' '}
            <Button size="compact-sm" variant="default" loading={restore.isPending} onClick={() => restore.mutate(deleted)}>
              Undo
            </Button>
          </Callout>
        )}
        {restore.error && <ProblemAlert error={restore.error} />}
        {selected === null ? (
          <NotFound
            what="plan"
            id={id}
            known={data.map((plan) => ({ id: plan.id, title: plan.name, href: `${BASE}/${encodeURIComponent(plan.id)}` }))}
            hint="It was deleted, or kept in another browser."
          />
        ) : (
          <PlanView
            key={selected}
            id={selected}
            kept={kept}
            draft={drafts[selected] ?? (kept ? draftOf(kept) : {})}
            onOpen={open}
            onCopy={begin}
            onDeleted={(plan) => {
              setDeleted(plan);
              navigate(BASE);
            }}
          />
        )}
      </div>
    </BesideList>
  );
}

const newItem = (draft: PlanDraft | undefined): Choice => ({ id: NEW, title: draft?.name || 'New plan', detail: 'only in this tab' });

function itemOf({ id, name, problems }: Plan, drafts: Readonly<Record<string, PlanDraft>>): Choice {
  const badge = drafts[id]
    ? ({ text: 'edited', tone: 'direct' } as const)
    : problems.length > 0
      ? ({ text: 'can’t run', tone: 'warn', why: problems.map(({ path, message }) => `${path} ${message}`).join('\n') } as const)
      : undefined;
  return { id, title: name, badge };
}
