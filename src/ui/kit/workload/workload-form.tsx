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
import { type Draft, formatOf, type LengthsDraft, readPriorities, readRequests, type WorkloadKind } from './draft.ts';
import { ContractNumber } from '../form/contract-number.tsx';
import { Group } from './fields.tsx';
import { Pair } from '../layout/fields.tsx';

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
    <Group title="Workload">
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
    </Group>
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
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/workload/max_requests"
          value={draft.maxRequests}
          onChange={(maxRequests) => set({ maxRequests })}
        />
        <ContractNumber of={SCHEDULE} path="/workload/time_scale" value={draft.timeScale} onChange={(timeScale) => set({ timeScale })} />
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/workload/length_scale"
          value={draft.lengthScale}
          onChange={(lengthScale) => set({ lengthScale })}
        />
      </Pair>
    </>
  );
}

function DrawnFields({ draft, set }: Props) {
  const { kind } = draft;
  return (
    <>
      <Pair>
        {(kind === 'poisson' || kind === 'gamma') && (
          <ContractNumber of={SCHEDULE} path="/workload/rate" value={draft.rate} onChange={(rate) => set({ rate })} />
        )}
        {kind === 'gamma' && (
          <ContractNumber
            of={SCHEDULE}
            path="/workload/burstiness"
            value={draft.burstiness}
            onChange={(burstiness) => set({ burstiness })}
          />
        )}
        {kind === 'ramp' && (
          <>
            <ContractNumber
              of={SCHEDULE}
              path="/workload/start_rate"
              value={draft.startRate}
              onChange={(startRate) => set({ startRate })}
            />
            <ContractNumber of={SCHEDULE} path="/workload/end_rate" value={draft.endRate} onChange={(endRate) => set({ endRate })} />
          </>
        )}
        {kind === 'closed_loop' && (
          <>
            <ContractNumber
              of={SCHEDULE}
              path="/workload/concurrency"
              value={draft.concurrency}
              onChange={(concurrency) => set({ concurrency })}
            />
            <ContractNumber of={SCHEDULE} path="/workload/think_ms" value={draft.thinkMs} onChange={(thinkMs) => set({ thinkMs })} />
          </>
        )}
        <ContractNumber
          of={SCHEDULE}
          path="/workload/num_requests"
          value={draft.numRequests}
          onChange={(numRequests) => set({ numRequests })}
        />
      </Pair>
      <LengthsField label="Prompt" path="/workload/prompt_tokens" value={draft.prompt} onChange={(prompt) => set({ prompt })} />
      <LengthsField label="Output" path="/workload/output_tokens" value={draft.output} onChange={(output) => set({ output })} />
      <Pair>
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
        <ContractNumber of={SCHEDULE} path="/workload/clients" value={draft.clients} onChange={(clients) => set({ clients })} />
        <TextEntry
          label="Priorities"
          path="/workload/priorities"
          complaint={faultIn(readPriorities(draft.priorities))}
          placeholder="0"
          value={draft.priorities}
          onChange={({ currentTarget }) => set({ priorities: currentTarget.value })}
        />
        <ContractNumber
          optional
          of={SCHEDULE}
          path="/workload/deadline_ms"
          value={draft.deadlineMs}
          onChange={(deadlineMs) => set({ deadlineMs })}
        />
      </Pair>
    </>
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
