/** What arrives when: the kinds of workload of the contract, each with the fields it has. */
import { FileInput, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { contract } from '../../../contract/index.ts';
import { MAX_TRACE_LENGTH } from '../../../contract/workload.ts';
import { formatBytes } from '../format.ts';
import { useFault } from '../entry/form-faults.tsx';
import { Icon } from '../icons.tsx';
import { LongTextEntry, TextEntry } from '../entry/text-entry.tsx';
import classes from './workload.module.css';
import {
  type Draft,
  fieldsOf,
  formatOf,
  type LengthsDraft,
  readPriorities,
  readRequests,
  type WorkloadField,
  type WorkloadKind,
} from './draft.ts';
import { ContractNumber } from '../form/contract-number.tsx';
import { FieldGroup, Pair } from '../layout/fields.tsx';

/** Experiments take the same workloads under the same name. */
const SCHEDULE = contract.scheduler.endpoints.schedule.input;

const KINDS: Record<WorkloadKind, string> = {
  poisson: 'Poisson arrivals',
  gamma: 'Gamma arrivals',
  ramp: 'Ramp',
  closed_loop: 'Closed loop',
  requests: 'These requests',
  trace: 'Trace file',
};

const faultIn = (read: object): string | undefined => ('fault' in read ? String(read.fault) : undefined);

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
}

export function WorkloadForm({ draft, set }: Props) {
  const { kind } = draft;
  return (
    <FieldGroup title="Workload">
      <NativeSelect
        label="Arrivals"
        data={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={({ currentTarget }) => set({ kind: currentTarget.value as WorkloadKind })}
      />
      {kind === 'requests' && (
        <LongTextEntry
          label="Requests"
          path="/workload/requests"
          complaint={faultIn(readRequests(draft.requests))}
          description="arrival_ms, prompt or prompt_tokens, output_tokens; prefix, client, priority, deadline_ms"
          autosize
          minRows={5}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: classes.mono ?? '' }}
          value={draft.requests}
          onChange={({ currentTarget }) => set({ requests: currentTarget.value })}
        />
      )}
      {kind === 'trace' && <TraceFields draft={draft} set={set} />}
      {kind !== 'requests' && kind !== 'trace' && <DrawnFields draft={draft} set={set} />}
    </FieldGroup>
  );
}

function TraceFields({ draft, set }: Props) {
  const [tooLong, setTooLong] = useState<string | null>(null);
  const fault = useFault('/workload/data', 'Trace', tooLong !== null);
  const read = async (file: File | null) => {
    const isTooLong = file !== null && file.size > MAX_TRACE_LENGTH;
    setTooLong(
      isTooLong
        ? `Trace must have at most ${formatBytes(MAX_TRACE_LENGTH)}; ${file.name} has ${formatBytes(file.size)}. Cut it to its first lines.`
        : null,
    );
    if (!file || isTooLong) return set({ trace: null });
    const data = await file.text();
    return set({ trace: { name: file.name, format: formatOf(data), data } });
  };
  const text = draft.trace?.data.trim() ?? '';
  const lines = text === '' ? 0 : text.split('\n').length;
  return (
    <>
      <FileInput
        size="xs"
        label="Trace"
        placeholder={draft.trace?.name ?? 'Choose a .csv or .jsonl file'}
        description={
          draft.trace
            ? `${draft.trace.name}: ${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}, ${draft.trace.format}`
            : 'Azure: TIMESTAMP, ContextTokens, GeneratedTokens. Mooncake: JSON lines with hash_ids.'
        }
        error={tooLong ?? fault}
        leftSection={<Icon name="upload" size={14} />}
        accept=".csv,.jsonl,.json,.txt"
        clearable
        onChange={(file) => void read(file)}
      />
      <Pair>
        {fieldsOf('trace').map((field) => field.isNumber && <WorkloadNumber key={field.name} field={field} draft={draft} set={set} />)}
      </Pair>
    </>
  );
}

interface NumberProps extends Props {
  field: WorkloadField;
}

function WorkloadNumber({ field: { name, isOptional }, draft, set }: NumberProps) {
  return (
    <ContractNumber
      {...(isOptional && { optional: true })}
      of={SCHEDULE}
      path={`/workload/${name}`}
      value={draft.numbers[name] ?? null}
      onChange={(value: number | null) => set({ numbers: { ...draft.numbers, [name]: value } })}
    />
  );
}

/** In the order of the contract; lengths take a line of their own. */
function DrawnFields({ draft, set }: Props) {
  const fields = fieldsOf(draft.kind);
  const first = fields.findIndex(({ name }) => name === 'prompt_tokens');
  const drawn = (field: WorkloadField) => {
    if (field.isNumber) return <WorkloadNumber key={field.name} field={field} draft={draft} set={set} />;
    if (field.name === 'shared_prefix') return <PrefixFields key={field.name} draft={draft} set={set} />;
    return field.name === 'priorities' && <PrioritiesField key={field.name} draft={draft} set={set} />;
  };
  return (
    <>
      <Pair>{fields.slice(0, first).map(drawn)}</Pair>
      <LengthsField label="Prompt" path="/workload/prompt_tokens" value={draft.prompt} onChange={(prompt) => set({ prompt })} />
      <LengthsField label="Output" path="/workload/output_tokens" value={draft.output} onChange={(output) => set({ output })} />
      <Pair>{fields.slice(first).map(drawn)}</Pair>
    </>
  );
}

function PrefixFields({ draft, set }: Props) {
  return (
    <>
      <ContractNumber
        optional
        of={SCHEDULE}
        path="/workload/shared_prefix/groups"
        value={draft.prefixGroups}
        onChange={(prefixGroups) => set({ prefixGroups })}
      />
      {draft.prefixGroups !== null && (
        <ContractNumber
          of={SCHEDULE}
          path="/workload/shared_prefix/tokens"
          value={draft.prefixTokens}
          onChange={(prefixTokens) => set({ prefixTokens })}
        />
      )}
    </>
  );
}

function PrioritiesField({ draft, set }: Props) {
  return (
    <TextEntry
      label="Priorities"
      path="/workload/priorities"
      complaint={faultIn(readPriorities(draft.priorities))}
      placeholder="0"
      value={draft.priorities}
      onChange={({ currentTarget }) => set({ priorities: currentTarget.value })}
    />
  );
}

interface LengthsProps {
  label: string;
  path: string;
  value: LengthsDraft;
  onChange: (value: LengthsDraft) => void;
}

function LengthsField({ label, path, value, onChange }: LengthsProps) {
  const { distribution } = value;
  const field = (name: 'tokens' | 'min' | 'max' | 'median', text: string = name) => (
    <ContractNumber
      of={SCHEDULE}
      name={`${label} tokens, ${text},`}
      path={`${path}/${name}`}
      value={value[name]}
      onChange={(next) => onChange({ ...value, [name]: next })}
    />
  );
  return (
    <div className={classes.lengths}>
      <NativeSelect
        label={`${label} tokens`}
        data={['fixed', 'uniform', 'lognormal']}
        value={distribution}
        onChange={({ currentTarget }) => onChange({ ...value, distribution: currentTarget.value as LengthsDraft['distribution'] })}
      />
      {distribution === 'fixed' && field('tokens', 'each')}
      {distribution === 'uniform' && (
        <>
          {field('min')}
          {field('max')}
        </>
      )}
      {distribution === 'lognormal' && (
        <>
          {field('median')}
          <ContractNumber
            of={SCHEDULE}
            name={`${label} tokens, sigma,`}
            path={`${path}/sigma`}
            value={value.sigma}
            onChange={(sigma) => onChange({ ...value, sigma })}
          />
          {field('max')}
        </>
      )}
    </div>
  );
}
