/** One plan: its fields as a form, what stands against it, what can be done with it, and beside it what running it gives. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { focusField } from '../../kit/form/schema-form.tsx';
import { useClient } from '../../kit/client-context.tsx';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { Prose } from '../../kit/prose.tsx';
import { focusInvalid } from '../../kit/entry/validity.ts';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../computation.module.css';
import { type Plan, plansKey } from '../queries.ts';
import { dropDraft, keepDraft } from './drafts.ts';
import { copyOf, edited, isChanged, NEW, type PlanDraft, whole } from './plan-draft.ts';
import { PlanForm } from './plan-form.tsx';
import { PlanRun } from './plan-run.tsx';
import { type PlanCheck, usePlanCheck } from './use-plan-check.ts';
import { Spring } from '../../kit/layout/frame.tsx';
import { Verdict } from '../verdict.tsx';
import { Callout } from '../../kit/layout/callout.tsx';
import { classNames } from '../../kit/layout/class-names.ts';

interface Props {
  /** `NEW` for one that was never kept. */
  id: string;
  kept: Plan | null;
  draft: PlanDraft;
  onOpen: (id: string) => void;
  /** Begins a new plan with these fields. */
  onCopy: (draft: PlanDraft) => void;
  onDeleted: (plan: Plan) => void;
}

export function PlanView({ id, kept, draft, onOpen, onCopy, onDeleted }: Props) {
  const client = useClient();
  const queries = useQueryClient();
  const check = usePlanCheck(draft);
  const changed = kept === null || isChanged(draft, kept);
  const isOwn = kept !== null && !kept.built_in;

  const change = (next: PlanDraft) => {
    const after = edited(draft, next);
    if (kept && !isChanged(after, kept)) dropDraft(id);
    else keepDraft(id, after);
  };
  const save = useMutation({
    mutationFn: () => {
      if (isOwn) {
        const { id: _, ...fields } = whole(draft);
        const { example_input = null, example_output = null } = draft;
        return client.put('computation', 'plans/{id}', { ...fields, id: kept.id, example_input, example_output });
      }
      return client.post('computation', 'plans', whole(kept && draft.name === kept.name ? copyOf(draft) : draft));
    },
    onSuccess: async (plan) => {
      await queries.invalidateQueries({ queryKey: plansKey });
      dropDraft(id);
      if (plan.id !== id) onOpen(plan.id);
    },
  });
  const remove = useMutation({
    mutationFn: (plan: Plan) => client.delete('computation', 'plans/{id}', { id: plan.id }),
    onSuccess: async (_, plan) => {
      dropDraft(id);
      onDeleted(plan);
      await queries.invalidateQueries({ queryKey: plansKey });
    },
  });
  const discard = () => {
    dropDraft(id);
    save.reset();
    if (id === NEW) onOpen('');
  };
  const failure = save.error ?? remove.error;

  return (
    <section aria-label={draft.name || 'New plan'}>
      <header className={classes.head}>
        <h1>{draft.name || 'New plan'}</h1>
        {kept && <code>{kept.id}</code>}
        <Spring />
        {(!isOwn || changed) && (
          <Button
            size="compact-sm"
            disabled={!changed || check.invalid.length > 0 || !draft.name}
            loading={save.isPending}
            title="Ctrl S"
            onClick={({ currentTarget }) => focusInvalid(currentTarget.closest('main')) || save.mutate()}
          >
            {kept?.built_in ? 'Save a copy' : 'Save'}
          </Button>
        )}
        {(id === NEW || changed) && (
          <Button size="compact-sm" variant="default" onClick={discard}>
            Discard
          </Button>
        )}
        {kept && (
          <Button size="compact-sm" variant="default" leftSection={<Icon name="copy" size={14} />} onClick={() => onCopy(copyOf(draft))}>
            Duplicate
          </Button>
        )}
        {isOwn && (
          <Button size="compact-sm" variant="default" color="red" loading={remove.isPending} onClick={() => remove.mutate(kept)}>
            Delete
          </Button>
        )}
        {kept && !changed && <UseIt id={kept.id} />}
      </header>
      {kept?.built_in && (
        <p className="gb-prose">Came with the workbench: it can be run and copied. A change here is kept as a copy of your own.</p>
      )}
      <Standing check={check} draft={draft} />
      {failure && <ProblemAlert error={failure} />}
      <div
        className={classes.columns}
        onKeyDownCapture={(event) => {
          if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          if (!changed || check.invalid.length > 0 || !draft.name || save.isPending) return;
          if (!focusInvalid(event.currentTarget.closest('main'))) save.mutate();
        }}
      >
        <div className="gb-stack">
          <PlanForm draft={draft} isNew={kept === null} errors={[...check.invalid, ...check.problems]} onChange={change} />
        </div>
        <aside className={classNames('gb-stack', classes.first)} aria-label="Run of the plan">
          <PlanRun id={id} kept={kept} draft={draft} invalid={check.invalid.length > 0} onChange={change} />
        </aside>
      </div>
    </section>
  );
}

/** What a plan that is kept is good for elsewhere. */
function UseIt({ id }: { id: string }) {
  const to = encodeURIComponent(id);
  return (
    <>
      <Button component={Link} href={`/computation/benchmark?plan=${to}`} variant="default" size="compact-sm">
        Benchmark it
      </Button>
      <Button component={Link} href={`/computation/experiments?plan=${to}`} variant="default" size="compact-sm">
        Experiment with it
      </Button>
    </>
  );
}

/** Whether it could run now, in one place; each problem leads to its field. */
function Standing({ check: { invalid, problems, kvBytes }, draft }: { check: PlanCheck; draft: PlanDraft }) {
  const { batch_size = 0, seq_len = 0, decode_tokens = 0 } = whole(draft);
  const all = [...invalid, ...problems];
  if (all.length === 0)
    return (
      <Verdict passed>
        It can run as it says: <span className="gb-num">{batch_size}</span> × <span className="gb-num">{seq_len}</span> tokens,{' '}
        <span className="gb-num">{decode_tokens}</span> of each decoded
        {kvBytes !== null && (
          <>
            , <span className="gb-num">{formatBytes(kvBytes)}</span> of keys and values at its end
          </>
        )}
        .
      </Verdict>
    );
  return (
    <Callout tone="warn" className={classes.problems} role="alert" aria-label="Problems">
      <h2>{invalid.length > 0 ? 'It can’t be kept like this' : 'It could not run now as it says'}</h2>
      <ul>
        {all.map(({ path, message }) => (
          <li key={path + message}>
            {path === '' ? (
              <Prose text={message} />
            ) : (
              <button type="button" onClick={() => focusField(path)}>
                <code>{path.slice(1)}</code> {message}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
