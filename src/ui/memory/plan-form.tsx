/** The memory plan as a form: what a change would do is asked of the service before it is done. */
import { counted } from '../../environment/counted.ts';
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, contract, type Output } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { formatBytes } from '../kit/format.ts';
import { FormFaults, isSameInput, useFaultFocus, useIsBroken } from '../kit/entry/form-faults.tsx';
import { ContractNumber } from '../kit/form/contract-number.tsx';
import { SchemaFields } from '../kit/form/schema-fields.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import classes from './memory.module.css';
import { type Change, changeOf, type Config, differences, draftOf, type PlanDraft, tierPath } from './plan.ts';
import { Card } from '../kit/layout/card.tsx';
import { FieldNote, FormStack } from '../kit/layout/fields.tsx';
import { Callout } from '../kit/layout/callout.tsx';

const CONFIGURE = contract.memory.endpoints.configure.input;

type Answer = Output<'memory', 'configure'>;

/** @param weightsHash another model is another pool */
export function PlanForm({ weightsHash }: { weightsHash: string }) {
  const client = useClient();
  const key = ['memory', 'config', weightsHash];
  const config = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.via('direct').get('memory', 'config', {}, { signal }),
    retry: false,
    refetchInterval: 2000,
  });
  // Kept here, since a plan that became active begins a new form.
  const [applied, setApplied] = useState<Answer | null>(null);
  if (config.error) return <ProblemAlert error={config.error} onRetry={() => void config.refetch()} />;
  return config.data ? (
    <Form key={JSON.stringify(config.data)} config={config.data} queryKey={key} applied={applied} onApplied={setApplied} />
  ) : null;
}

interface FormProps {
  config: Config;
  queryKey: string[];
  /** What the last change did. */
  applied: Answer | null;
  onApplied: (answer: Answer) => void;
}

function Form({ config, queryKey, applied, onApplied }: FormProps) {
  const client = useClient();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<PlanDraft>(() => draftOf(config));
  const [resets, setResets] = useState(0);
  const change = changeOf(config, draft);
  const [asked] = useDebouncedValue(change ? JSON.stringify(change) : '', 200);
  const preview = useQuery({
    queryKey: [...queryKey, 'preview', asked],
    enabled: asked !== '',
    retry: false,
    queryFn: ({ signal }) =>
      client.via('direct').put('memory', 'config', { ...(JSON.parse(asked) as object), validate_only: true }, { signal }),
  });
  const apply = useMutation({
    mutationFn: (sent: Change) => client.put('memory', 'config', sent),
    onSuccess: (answer) => {
      onApplied(answer);
      queries.setQueryData(queryKey, answer.config);
    },
  });
  const pool = config.tiers[0];
  const blockBytes = pool && pool.capacity_blocks > 0 ? pool.capacity_bytes / pool.capacity_blocks : 0;
  const size = (blocks: number) => (blocks === 0 ? 'none' : formatBytes(blocks * blockBytes));
  const tier = (name: 'gpu' | 'cpu' | 'disk', description: string) => (
    <ContractNumber
      of={CONFIGURE}
      path="/tiers/0/capacity_blocks"
      label={name}
      aria-label={`Blocks of tier ${name}`}
      description={description}
      inputWrapperOrder={['label', 'input', 'description']}
      name={name}
      sentAt={{ path: tierPath(change, name) }}
      {...(name === 'gpu' && { least: 1 })}
      value={draft.blocks[name]}
      onChange={(value) => setDraft({ ...draft, blocks: { ...draft.blocks, [name]: value } })}
    />
  );
  const tiers = (
    <fieldset className={classes.tiers}>
      <legend>Tiers, in blocks of {config.block_size} tokens</legend>
      {tier('gpu', `${size(draft.blocks.gpu)}, at most ${config.max_pool_blocks}`)}
      {tier('cpu', size(draft.blocks.cpu))}
      {tier('disk', size(draft.blocks.disk))}
    </fieldset>
  );
  const refused = apply.error && isSameInput(apply.variables, change) ? apply.error : null;
  const problem = refused ?? (change && asked === JSON.stringify(change) ? preview.error : null);
  const form = useFaultFocus<HTMLFormElement>(refused);
  const reset = () => {
    setDraft(draftOf(config));
    setResets(resets + 1);
    apply.reset();
  };

  return (
    <Card aria-label="Plan">
      <h2>Plan</h2>
      <FormStack
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (change) apply.mutate(change);
        }}
      >
        <FormFaults key={resets} error={problem}>
          <SchemaFields
            whole
            of={CONFIGURE}
            value={draft}
            onChange={setDraft}
            own={{
              eviction: { options: config.evictions.map(({ name }) => name) },
              watermark: {
                below: `${config.evictions.find(({ name }) => name === draft.eviction)?.rule} Admission leaves the watermark free for running sequences to grow.`,
              },
              tiers: { draw: tiers },
            }}
          />
          {change && preview.data && asked === JSON.stringify(change) && (
            <Callout tone="accent" className={classes.preview} aria-live="polite">
              <b>Would change</b>
              <ul className="gb-bullets">
                {differences(config, preview.data.config).map(({ field, before, after }) => (
                  <li key={field}>
                    <code>{field}</code> {before} → <b>{after}</b>
                  </li>
                ))}
              </ul>
              {preview.data.config.prefix_caching === false && config.prefix_caching && <p>The cached blocks are dropped.</p>}
              <p>Running requests are migrated or computed again; if neither can be, nothing is changed and the reason is given.</p>
            </Callout>
          )}
          {problem && <PlanProblem error={problem} />}
          <Actions
            changed={change !== null}
            answer={change ? null : applied}
            ready={!preview.isError}
            busy={apply.isPending}
            onReset={reset}
          />
        </FormFaults>
      </FormStack>
    </Card>
  );
}

interface ActionsProps {
  changed: boolean;
  /** To be told while the form says nothing else. */
  answer: Answer | null;
  ready: boolean;
  busy: boolean;
  onReset: () => void;
}

function Actions({ changed, answer, ready, busy, onReset }: ActionsProps) {
  const isBroken = useIsBroken();
  return (
    <div className={classes.actions}>
      {answer && !isBroken && <Applied {...answer} />}
      <Button variant="default" disabled={!changed && !isBroken} onClick={onReset}>
        Reset
      </Button>
      <Button type="submit" disabled={!changed || !ready} loading={busy}>
        Apply
      </Button>
    </div>
  );
}

function Applied({ dropped_cached_blocks: dropped }: Answer) {
  return <span role="status">Applied.{dropped > 0 && ` ${counted(dropped, 'cached block was', 'cached blocks were')} dropped.`}</span>;
}

/** A conflict is an answer, not a failure: says that the active plan stands and what frees the way. */
function PlanProblem({ error }: { error: unknown }) {
  const conflict = ApiError.from(error).code === 'conflict';
  return (
    <>
      <ProblemAlert error={error} />
      {conflict && (
        <FieldNote>
          The active plan stands as it was. Lower the value, or stop what runs and free what is held by hand, then apply again.
        </FieldNote>
      )}
    </>
  );
}
