/** How a simulated workload is served: the active policy, or another one; and what counts as good. */
import { ParameterEntries } from '../../kit/form/parameter-entries.tsx';
import { SchemaFields } from '../../kit/form/schema-fields.tsx';
import { FieldNote, Pair } from '../../kit/layout/fields.tsx';
import { defaultsOf, type Policy } from '../policy.ts';
import { SCHEDULE, SERVED_BY, type Settings } from './draft.ts';

interface Props {
  settings: Settings;
  onChange: (settings: Settings) => void;
  /** The active one, which stands where none is chosen. */
  policy: Policy | undefined;
}

export function SettingsForm({ settings, onChange, policy }: Props) {
  return (
    <>
      {settings.mode === 'simulate' ? (
        <ServedBy settings={settings} onChange={onChange} policy={policy} />
      ) : (
        <FieldNote>
          A run is served under the active policy and bounds
          {policy ? ` (${policy.policy}, ${policy.token_budget} tokens a step, ${policy.max_num_seqs} sequences)` : ''}, beside whatever
          else the engine serves. Change them in the live view.
        </FieldNote>
      )}
      <SchemaFields of={SCHEDULE} group="Objectives and seed" value={settings} onChange={onChange} />
    </>
  );
}

const standing = (value?: string | number) => ({ standing: value === undefined ? 'active' : `${value}, active` });

function ServedBy({ settings, onChange, policy }: Props) {
  const known = policy?.policies.find(({ name }) => name === settings.policy);
  const change = (next: Settings) => {
    if (next.policy === settings.policy) return onChange(next);
    const { policy_parameters: _, ...others } = next;
    const defaults = defaultsOf(policy?.policies.find(({ name }) => name === next.policy));
    return onChange({ ...others, ...(Object.keys(defaults).length > 0 && { policy_parameters: defaults }) });
  };
  return (
    <SchemaFields
      of={SCHEDULE}
      group={SERVED_BY}
      value={settings}
      onChange={change}
      own={{
        policy: {
          ...standing(policy?.policy),
          ...(policy && { options: policy.policies.map(({ name }) => name), note: known?.rule ?? policy.rule }),
        },
        policy_parameters: {
          draw: known && known.parameters.length > 0 && (
            <Pair>
              <ParameterEntries
                at="/policy_parameters"
                parameters={known.parameters}
                values={settings.policy_parameters ?? {}}
                onChange={(policy_parameters) => onChange({ ...settings, policy_parameters })}
              />
            </Pair>
          ),
        },
        step_mode: standing(policy?.step_mode),
        preemption: standing(policy?.preemption),
        token_budget: standing(policy?.token_budget),
        max_num_seqs: standing(policy?.max_num_seqs),
        chunk_size: standing(policy?.chunk_size),
        num_blocks: standing(),
        memory_strategy: standing(),
      }}
    />
  );
}
