/** The active policy with its parameters and bounds; a change becomes active with the next step. */
import { Button, SegmentedControl, Tooltip } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { contract } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { FormFaults, isSameInput, useFaultFocus, useIsBroken } from '../kit/entry/form-faults.tsx';
import { NumberEntry } from '../kit/entry/number-entry.tsx';
import { ContractNumber } from '../kit/form/contract-number.tsx';
import { SelectEntry } from '../kit/entry/select-entry.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { BOUNDS, changeOf, draftOf, type Policy, type PolicyChange, type PolicyDraft, withPolicy } from './policy.ts';
import { Card } from '../kit/layout/card.tsx';
import { FieldLabel, FieldNote, FormStack, Pair } from '../kit/layout/fields.tsx';

const MODES: Record<Policy['step_mode'], string> = {
  prefill_first: 'Prompts take the whole step.',
  decode_first: 'Every decoding sequence gets its token, prompts the rest.',
  mixed: 'One order over both, the policy’s.',
};
const POLICY = contract.scheduler.endpoints.setPolicy.input;

export const policyKey = ['scheduler', 'policy'] as const;

export function usePolicy(enabled: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: policyKey,
    enabled,
    retry: false,
    refetchInterval: 2000,
    queryFn: ({ signal }) => client.via('direct').get('scheduler', 'policy', {}, { signal }),
  });
}

export function PolicyForm() {
  const { data, error, refetch } = usePolicy(true);
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  return data ? <Form key={JSON.stringify(draftOf(data))} policy={data} /> : null;
}

function Form({ policy }: { policy: Policy }) {
  const client = useClient();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<PolicyDraft>(() => draftOf(policy));
  const set = (change: Partial<PolicyDraft>) => setDraft({ ...draft, ...change });
  const change = changeOf(policy, draft);
  const apply = useMutation({
    mutationFn: (sent: PolicyChange) => client.put('scheduler', 'policy', sent),
    onSuccess: (answer) => queries.setQueryData(policyKey, answer),
  });
  const known = policy.policies.find(({ name }) => name === draft.policy);
  const refused = apply.error && isSameInput(apply.variables, change) ? apply.error : null;
  const form = useFaultFocus<HTMLFormElement>(refused);
  const [resets, setResets] = useState(0);
  const reset = () => {
    setDraft(draftOf(policy));
    setResets(resets + 1);
    apply.reset();
  };
  return (
    <Card aria-label="Active policy">
      <h2>
        Policy <small>{change ? 'changed, not applied yet' : 'active'}</small>
      </h2>
      <FormStack
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (change) apply.mutate(change);
        }}
      >
        <FormFaults key={resets} error={refused}>
          <div>
            <SelectEntry
              label="Order"
              path="/policy"
              data={policy.policies.map(({ name }) => name)}
              value={draft.policy}
              onChange={({ currentTarget }) => setDraft(withPolicy(draft, currentTarget.value as Policy['policy'], policy))}
            />
            <FieldNote>{known?.rule ?? policy.rule}</FieldNote>
          </div>
          {known && known.parameters.length > 0 && (
            <Pair>
              {known.parameters.map(({ name, minimum, maximum, description }) => (
                <Tooltip key={name} label={description}>
                  <NumberEntry
                    label={<code>{name}</code>}
                    name={name}
                    path={`/parameters/${name}`}
                    {...(minimum !== null && { min: minimum })}
                    {...(maximum !== null && { max: maximum })}
                    value={draft.parameters[name] ?? 0}
                    onChange={(value) => set({ parameters: { ...draft.parameters, [name]: value } })}
                  />
                </Tooltip>
              ))}
            </Pair>
          )}
          <div>
            <FieldLabel id="scheduler-mode">A step is filled</FieldLabel>
            <SegmentedControl
              fullWidth
              aria-labelledby="scheduler-mode"
              data={Object.keys(MODES).map((value) => ({ value, label: value.replace('_', ' ') }))}
              value={draft.step_mode}
              onChange={(step_mode) => set({ step_mode: step_mode as Policy['step_mode'] })}
            />
            <FieldNote>{MODES[draft.step_mode]}</FieldNote>
          </div>
          <div>
            <FieldLabel id="scheduler-preemption">Preemption by</FieldLabel>
            <SegmentedControl
              fullWidth
              aria-labelledby="scheduler-preemption"
              data={['recompute', 'swap']}
              value={draft.preemption}
              onChange={(preemption) => set({ preemption: preemption as Policy['preemption'] })}
            />
          </div>
          <Pair>
            {BOUNDS.map((name) => (
              <ContractNumber
                key={name}
                of={POLICY}
                path={`/${name}`}
                label={<code>{name}</code>}
                name={name}
                value={draft[name]}
                onChange={(value) => set({ [name]: value })}
              />
            ))}
          </Pair>
          {refused && <ProblemAlert error={refused} />}
          <Actions changed={change !== null} busy={apply.isPending} onReset={reset} />
        </FormFaults>
      </FormStack>
    </Card>
  );
}

function Actions({ changed, busy, onReset }: { changed: boolean; busy: boolean; onReset: () => void }) {
  const isBroken = useIsBroken();
  return (
    <div className="gb-row gb-end">
      <Button variant="default" disabled={!changed && !isBroken} onClick={onReset}>
        Reset
      </Button>
      <Button type="submit" disabled={!changed} loading={busy}>
        Apply
      </Button>
    </div>
  );
}
