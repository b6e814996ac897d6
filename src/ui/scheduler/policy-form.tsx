/** The active policy with its parameters and bounds; a change becomes active with the next step. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { contract } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { FormFaults, isSameInput, useFaultFocus, useIsBroken } from '../kit/entry/form-faults.tsx';
import { ParameterEntries } from '../kit/form/parameter-entries.tsx';
import { SchemaFields } from '../kit/form/schema-fields.tsx';
import { ProblemAlert } from '../kit/problem/problem-alert.tsx';
import { changeOf, draftOf, type Policy, type PolicyChange, type PolicyDraft, withPolicy } from './policy.ts';
import { Card } from '../kit/layout/card.tsx';
import { FormStack, Pair } from '../kit/layout/fields.tsx';

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
          <SchemaFields
            whole
            byName
            of={POLICY}
            value={draft}
            onChange={(next) => setDraft(next.policy === draft.policy ? next : withPolicy(next, next.policy, policy))}
            own={{
              policy: { options: policy.policies.map(({ name }) => name), note: known?.rule ?? policy.rule },
              parameters: {
                draw: known && known.parameters.length > 0 && (
                  <Pair>
                    <ParameterEntries
                      at="/parameters"
                      parameters={known.parameters}
                      values={draft.parameters}
                      onChange={(parameters) => setDraft({ ...draft, parameters })}
                    />
                  </Pair>
                ),
              },
            }}
          />
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
