/** Runs what stands in the form, and shows the last result. */
import { Button, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { contract } from '../../../contract/index.ts';
import { Icon } from '../../kit/icons.tsx';
import { StopButton } from '../../kit/stop-button.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { FormFaults } from '../../kit/entry/form-faults.tsx';
import { ContractNumber } from '../../kit/form/contract-number.tsx';
import { focusInvalid } from '../../kit/entry/validity.ts';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../computation.module.css';
import { useExecution } from '../executions.ts';
import { type Plan, plansKey } from '../queries.ts';
import { UnderWay } from '../under-way.tsx';
import { executionOf, type PlanDraft } from './plan-draft.ts';
import { PlanResult } from './plan-result.tsx';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Hint } from '../../kit/layout/hint.tsx';
import { FormStack } from '../../kit/layout/fields.tsx';

interface Props {
  id: string;
  kept: Plan | null;
  draft: PlanDraft;
  invalid: boolean;
  onChange: (draft: PlanDraft) => void;
}

export function PlanRun({ id, kept, draft, invalid, onChange }: Props) {
  const queries = useQueryClient();
  const { data: model } = useModel();
  const [seed, setSeed] = useState(0);
  const [checkReference, setCheckReference] = useState(true);
  const execution = useExecution(`plan:${id}`);
  const { startedAt, done, error } = execution;
  const isReady = model?.weights !== undefined && model.weights !== null;
  const input = executionOf(draft, kept, seed, checkReference);
  const run = async () => {
    await execution.run(input);
    // The first run of a plan with prompts of its own says what it gives.
    if (input.plan_id !== undefined) await queries.invalidateQueries({ queryKey: plansKey });
  };
  return (
    <Card compact aria-label="Run">
      <FormFaults error={error}>
        <FormStack
          onSubmit={(event) => {
            event.preventDefault();
            // The fields of the plan stand outside this form.
            if (!focusInvalid(event.currentTarget.closest('main'))) void run();
          }}
        >
          <CardHead>
            <h2>Run</h2>
            {startedAt === null ? (
              <Button type="submit" disabled={invalid || !isReady} leftSection={<Icon name="play" />}>
                Run the plan
              </Button>
            ) : (
              <StopButton onStop={execution.stop} />
            )}
          </CardHead>
          <div className={classes.bar}>
            {!draft.example_input && (
              <ContractNumber
                of={contract.computation.endpoints.execute.input}
                label="Seed of the prompts"
                name="Seed of the prompts"
                path="/seed"
                value={seed}
                onChange={setSeed}
              />
            )}
            <Switch
              label="Compare with the built-in code"
              checked={checkReference}
              onChange={({ currentTarget }) => setCheckReference(currentTarget.checked)}
            />
          </div>
        </FormStack>
        {startedAt !== null && <UnderWay startedAt={startedAt} occupant={input.plan_id ?? 'plan'} />}
        {error && <ProblemAlert error={error} />}
      </FormFaults>
      {done ? (
        <PlanResult
          done={done}
          draft={draft}
          stale={startedAt !== null || error !== null}
          isOther={JSON.stringify(done.input) !== JSON.stringify(input)}
          onChange={onChange}
        />
      ) : (
        startedAt === null &&
        !error && (
          <Hint>
            The plan is built beside the loaded model, which serves on undisturbed: graph, runner and KV pool of its own. The result says
            what was really used.
          </Hint>
        )
      )}
    </Card>
  );
}
