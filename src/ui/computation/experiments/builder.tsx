/** Puts an experiment together: a plan, the fields that it varies, what it serves and scores; checked by the service as one writes. */
import { Button, Switch, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { FormFaults } from '../../kit/entry/form-faults.tsx';
import { Icon } from '../../kit/icons.tsx';
import { SelectEntry } from '../../kit/entry/select-entry.tsx';
import { LongTextEntry, TextEntry } from '../../kit/entry/text-entry.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { SchemaFields } from '../../kit/form/schema-fields.tsx';
import { WorkloadForm } from '../../kit/workload/workload-form.tsx';
import { kernelsQuery, plansQuery } from '../queries.ts';
import { CheckSummary } from './check-summary.tsx';
import { EXPERIMENT, type ExperimentDraft, inputOf, nameOf, newWorkload, productText } from './draft.ts';
import type { ExperimentInput } from './experiment.ts';
import classes from './experiments.module.css';
import { GridRows } from './grid-rows.tsx';
import { PRESETS, USUAL_CONTEXT } from './presets.ts';
import { useCheck } from './use-experiments.ts';
import { Card } from '../../kit/layout/card.tsx';
import { FieldGroup, FieldNote, FormStack, Submit } from '../../kit/layout/fields.tsx';

/** The plan that stands for the defaults of the contract. */
export const DEFAULT_PLAN = 'default';

interface Props {
  draft: ExperimentDraft;
  busy: boolean;
  onChange: (draft: ExperimentDraft) => void;
  onRun: (input: ExperimentInput) => void;
}

export function Builder({ draft, busy, onChange, onRun }: Props) {
  const client = useClient();
  const { data: model } = useModel();
  const { data: kernels } = useQuery(kernelsQuery(client));
  const { data: plans } = useQuery(plansQuery(client, model?.weights?.weights_hash));
  const set = (change: Partial<ExperimentDraft>) => onChange({ ...draft, ...change });
  const { input, fault } = useMemo(() => tried(draft), [draft]);
  const { data: check, error } = useCheck(input);
  const attention = useMemo(() => {
    const names = kernels?.filter(({ kind }) => kind === 'attention').map(({ id }) => id) ?? [];
    return names.length > 0 ? [...names, 'patched'] : [];
  }, [kernels]);
  const context = model?.max_position_embeddings ?? USUAL_CONTEXT;
  const count = check?.runs.length;
  return (
    <Card>
      <h2>New experiment</h2>
      <div className={classes.presets} role="group" aria-label="Presets">
        {PRESETS.map(({ title, asks, draft: preset }) => (
          <Tooltip key={title} label={asks}>
            <Button
              variant="default"
              size="compact-sm"
              // The text to score and how often it is measured are not the question's business.
              onClick={() => {
                const next = preset(context);
                const { repeats, seed } = draft.measured;
                onChange({ ...next, text: draft.text, measured: { ...next.measured, repeats, seed } });
              }}
            >
              {title}
            </Button>
          </Tooltip>
        ))}
      </div>
      <FormFaults error={fault ?? error}>
        <FormStack
          onSubmit={(event) => {
            event.preventDefault();
            if (input) onRun(input);
          }}
        >
          <TextEntry
            label="Name"
            path="/name"
            placeholder={nameOf({ ...draft, name: '' })}
            maxLength={200}
            value={draft.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <SelectEntry
            label="Base plan"
            path="/plan_id"
            data={[
              { value: DEFAULT_PLAN, label: 'Default: what the contract says' },
              ...(plans ?? []).filter(({ id }) => id !== DEFAULT_PLAN).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={draft.planId ?? DEFAULT_PLAN}
            onChange={({ currentTarget }) => set({ planId: currentTarget.value === DEFAULT_PLAN ? null : currentTarget.value })}
          />
          <FieldGroup title="Grid">
            <GridRows rows={draft.rows} kernels={attention} onChange={(rows) => set({ rows })} />
          </FieldGroup>
          <Served draft={draft} set={set} />
          <Scored draft={draft} set={set} />
          <SchemaFields of={EXPERIMENT} group="Measurement" value={draft.measured} onChange={(measured) => set({ measured })} />
          <Submit>
            <CheckSummary check={check} error={fault ?? error} product={productText(draft)} />
            <Button
              fullWidth
              mt={8}
              type="submit"
              disabled={!input || !check || error !== null}
              loading={busy}
              leftSection={<Icon name="play" />}
            >
              Run{count === undefined ? '' : ` ${count} ${count === 1 ? 'run' : 'runs'}`}
            </Button>
          </Submit>
        </FormStack>
      </FormFaults>
    </Card>
  );
}

interface PartProps {
  draft: ExperimentDraft;
  set: (change: Partial<ExperimentDraft>) => void;
}

function Served({ draft, set }: PartProps) {
  const { workload } = draft;
  const idle = workload ? draft.rows.filter(({ field }) => field === 'batch_size' || field === 'seq_len').map(({ field }) => field) : [];
  return (
    <>
      <FieldGroup title="Served">
        <Switch
          label="A workload"
          checked={workload !== null}
          onChange={({ currentTarget }) => set({ workload: currentTarget.checked ? newWorkload() : null })}
        />
        {workload === null && (
          <FieldNote>
            Without: <code>batch_size</code> sequences of <code>seq_len</code> tokens at once, prompt and decoded ones.
          </FieldNote>
        )}
        {idle.length > 0 && (
          <p className="gb-small gb-warn">
            <code>{idle.join(', ')}</code> {idle.length === 1 ? 'has' : 'have'} no effect: the workload says what arrives.
          </p>
        )}
      </FieldGroup>
      {workload && <WorkloadForm draft={workload} set={(change) => set({ workload: { ...workload, ...change } })} />}
    </>
  );
}

function Scored({ draft, set }: PartProps) {
  return (
    <>
      <SchemaFields of={EXPERIMENT} group="Objectives" value={draft.measured} onChange={(measured) => set({ measured })} />
      <LongTextEntry
        label="Text to score"
        path="/text"
        placeholder="Left out: nothing is scored"
        description="Bits per byte, and how often the first choice is that of the built-in code."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        minRows={2}
        maxRows={6}
        value={draft.text}
        onChange={({ currentTarget }) => set({ text: currentTarget.value })}
      />
    </>
  );
}

function tried(draft: ExperimentDraft): { input: ExperimentInput | null; fault: ApiError | null } {
  try {
    return { input: inputOf(draft), fault: null };
  } catch (error) {
    if (error instanceof ApiError) return { input: null, fault: error };
    throw error;
  }
}
