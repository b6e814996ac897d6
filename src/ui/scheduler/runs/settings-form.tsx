/** How a simulated workload is served: the active policy, or another one; and what counts as good. */
import { NativeSelect } from '@mantine/core';
import { contract } from '../../../contract/index.ts';
import type { Policy } from '../policy.ts';
import type { Draft } from '../../kit/workload/draft.ts';
import { FieldGroup, FieldNote, Pair } from '../../kit/layout/fields.tsx';
import { ContractNumber } from '../../kit/form/contract-number.tsx';
import { NumberField } from '../../kit/workload/fields.tsx';

const SCHEDULE = contract.scheduler.endpoints.schedule.input;

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  policy: Policy | undefined;
}

export function SettingsForm({ draft, set, policy }: Props) {
  return (
    <>
      {draft.mode === 'simulate' ? (
        <ServedBy draft={draft} set={set} policy={policy} />
      ) : (
        <FieldNote>
          A run is served under the active policy and bounds
          {policy ? ` (${policy.policy}, ${policy.token_budget} tokens a step, ${policy.max_num_seqs} sequences)` : ''}, beside whatever
          else the engine serves. Change them in the live view.
        </FieldNote>
      )}
      <FieldGroup title="Objectives and seed">
        <Pair>
          <ContractNumber optional of={SCHEDULE} path="/slo/ttft_ms" value={draft.sloTtftMs} onChange={(sloTtftMs) => set({ sloTtftMs })} />
          <ContractNumber optional of={SCHEDULE} path="/slo/tpot_ms" value={draft.sloTpotMs} onChange={(sloTpotMs) => set({ sloTpotMs })} />
          <ContractNumber of={SCHEDULE} path="/seed" value={draft.seed} onChange={(seed) => set({ seed })} />
        </Pair>
      </FieldGroup>
    </>
  );
}

const ACTIVE = 'active';

function ServedBy({ draft, set, policy }: Props) {
  const known = policy?.policies.find(({ name }) => name === draft.policy);
  const orActive = (value: string | number | undefined) => (value === undefined ? ACTIVE : `${value}, ${ACTIVE}`);
  const select = <T extends string>(
    label: string,
    options: readonly T[],
    value: T | null,
    current: string | undefined,
    onChange: (value: T | null) => void,
  ) => (
    <NativeSelect
      label={label}
      data={[{ value: '', label: orActive(current) }, ...options]}
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? null : (currentTarget.value as T))}
    />
  );
  const choosePolicy = (name: Policy['policy'] | null) => {
    const parameters = policy?.policies.find((each) => each.name === name)?.parameters ?? [];
    set({ policy: name, parameters: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default])) });
  };
  return (
    <FieldGroup title="Served by">
      {select('Policy', policy?.policies.map(({ name }) => name) ?? [], draft.policy, policy?.policy, choosePolicy)}
      <FieldNote>{known?.rule ?? policy?.rule}</FieldNote>
      {known && known.parameters.length > 0 && (
        <Pair>
          {known.parameters.map(({ name, description, minimum, maximum }) => (
            <NumberField
              key={name}
              label={name}
              path={`/policy_parameters/${name}`}
              help={description}
              min={minimum ?? -1e9}
              max={maximum ?? 1e9}
              value={draft.parameters[name] ?? 0}
              onChange={(value) => set({ parameters: { ...draft.parameters, [name]: value } })}
            />
          ))}
        </Pair>
      )}
      {select('A step is filled', ['prefill_first', 'decode_first', 'mixed'], draft.stepMode, policy?.step_mode, (stepMode) =>
        set({ stepMode }),
      )}
      {select('Preemption by', ['recompute', 'swap'], draft.preemption, policy?.preemption, (preemption) => set({ preemption }))}
      <Pair>
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/token_budget"
          value={draft.tokenBudget}
          onChange={(tokenBudget) => set({ tokenBudget })}
          placeholder={orActive(policy?.token_budget)}
        />
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/max_num_seqs"
          value={draft.maxNumSeqs}
          onChange={(maxNumSeqs) => set({ maxNumSeqs })}
          placeholder={orActive(policy?.max_num_seqs)}
        />
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/chunk_size"
          value={draft.chunkSize}
          onChange={(chunkSize) => set({ chunkSize })}
          placeholder={orActive(policy?.chunk_size)}
        />
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/num_blocks"
          value={draft.numBlocks}
          onChange={(numBlocks) => set({ numBlocks })}
          placeholder={ACTIVE}
        />
        {select('Memory strategy', ['paged', 'dynamic', 'static'], draft.memoryStrategy, undefined, (memoryStrategy) =>
          set({ memoryStrategy }),
        )}
      </Pair>
    </FieldGroup>
  );
}
