/** What arrives when: the kinds of workload of the contract, each with the fields it has. */
import { FileInput, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { MAX_TRACE_LENGTH } from '../../../contract/workload.ts';
import { formatBytes } from '../format.ts';
import { useFault } from '../entry/form-faults.tsx';
import { Icon } from '../icons.tsx';
import { LongTextEntry, TextEntry } from '../entry/text-entry.tsx';
import classes from './workload.module.css';
import { type Draft, formatOf, type LengthsDraft, readPriorities, readRequests, type WorkloadKind } from './draft.ts';
import { Group, NumberField, OptionalNumber } from './fields.tsx';
import { Pair } from '../layout/fields.tsx';

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
        <OptionalNumber
          label="Only the first"
          path="/workload/max_requests"
          placeholder="all"
          min={1}
          whole
          value={draft.maxRequests}
          onChange={(maxRequests) => set({ maxRequests })}
        />
        <NumberField
          label="Gaps ×"
          path="/workload/time_scale"
          help="Gaps between arrivals are multiplied by this."
          min={0.000_001}
          value={draft.timeScale}
          onChange={(timeScale) => set({ timeScale })}
        />
        <OptionalNumber
          label="Lengths ×"
          path="/workload/length_scale"
          placeholder="fit the context"
          min={0.000_001}
          max={1}
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
          <NumberField label="Requests/s" path="/workload/rate" min={0.001} value={draft.rate} onChange={(rate) => set({ rate })} />
        )}
        {kind === 'gamma' && (
          <NumberField
            label="Burstiness"
            path="/workload/burstiness"
            help="Shape of the gaps: 1 is Poisson, below 1 more bursty, above 1 more even."
            min={0.01}
            max={100}
            value={draft.burstiness}
            onChange={(burstiness) => set({ burstiness })}
          />
        )}
        {kind === 'ramp' && (
          <>
            <NumberField
              label="From, requests/s"
              path="/workload/start_rate"
              min={0.001}
              value={draft.startRate}
              onChange={(startRate) => set({ startRate })}
            />
            <NumberField
              label="To, requests/s"
              path="/workload/end_rate"
              min={0.001}
              value={draft.endRate}
              onChange={(endRate) => set({ endRate })}
            />
          </>
        )}
        {kind === 'closed_loop' && (
          <>
            <NumberField
              label="Users"
              path="/workload/concurrency"
              help="Each has one request at a time."
              min={1}
              whole
              value={draft.concurrency}
              onChange={(concurrency) => set({ concurrency })}
            />
            <NumberField
              label="Think time"
              path="/workload/think_ms"
              suffix=" ms"
              value={draft.thinkMs}
              onChange={(thinkMs) => set({ thinkMs })}
            />
          </>
        )}
        <NumberField
          label="Requests"
          path="/workload/num_requests"
          min={1}
          max={100_000}
          whole
          value={draft.numRequests}
          onChange={(numRequests) => set({ numRequests })}
        />
      </Pair>
      <LengthsField label="Prompt" path="/workload/prompt_tokens" value={draft.prompt} onChange={(prompt) => set({ prompt })} />
      <LengthsField label="Output" path="/workload/output_tokens" value={draft.output} onChange={(output) => set({ output })} />
      <Pair>
        <OptionalNumber
          label="Shared prefixes"
          path="/workload/shared_prefix/groups"
          help="So many different prefixes; each prompt begins with one of them."
          placeholder="none"
          min={1}
          whole
          value={draft.prefixGroups}
          onChange={(prefixGroups) => set({ prefixGroups })}
        />
        {draft.prefixGroups !== null && (
          <NumberField
            label="Prefix tokens"
            path="/workload/shared_prefix/tokens"
            min={1}
            whole
            value={draft.prefixTokens}
            onChange={(prefixTokens) => set({ prefixTokens })}
          />
        )}
        <NumberField
          label="Clients"
          path="/workload/clients"
          help="Requests come from so many clients in turn; the policy fair tells them apart."
          min={1}
          max={1000}
          whole
          value={draft.clients}
          onChange={(clients) => set({ clients })}
        />
        <TextEntry
          label="Priorities"
          path="/workload/priorities"
          complaint={faultIn(readPriorities(draft.priorities))}
          placeholder="0"
          value={draft.priorities}
          onChange={({ currentTarget }) => set({ priorities: currentTarget.value })}
        />
        <OptionalNumber
          label="Deadline"
          path="/workload/deadline_ms"
          help="From arrival; for the policy edf."
          placeholder="none"
          suffix=" ms"
          min={1}
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
  const field = (name: 'tokens' | 'min' | 'max' | 'median', text: string) => (
    <NumberField
      label={text}
      name={`${label} tokens, ${text},`}
      path={`${path}/${name}`}
      min={1}
      whole
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
          {field('min', 'min')}
          {field('max', 'max')}
        </>
      )}
      {distribution === 'lognormal' && (
        <>
          {field('median', 'median')}
          <NumberField
            label="sigma"
            name={`${label} tokens, sigma,`}
            path={`${path}/sigma`}
            min={0.01}
            max={5}
            value={value.sigma}
            onChange={(sigma) => onChange({ ...value, sigma })}
          />
          {field('max', 'max')}
        </>
      )}
    </div>
  );
}
