/** What arrives when: the kinds of workload of the contract, each with the fields it has. */
import { FileInput, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { MAX_TRACE_LENGTH } from '../../../contract/workload.ts';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from '../scheduler.module.css';
import { type Draft, formatOf, type LengthsDraft, type WorkloadKind } from './draft.ts';
import { Group, NumberField, OptionalNumber } from './fields.tsx';

const KINDS: Record<WorkloadKind, string> = {
  poisson: 'Poisson arrivals',
  gamma: 'Gamma arrivals',
  ramp: 'Ramp',
  closed_loop: 'Closed loop',
  requests: 'These requests',
  trace: 'Trace file',
};

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
        <Textarea
          label="Requests"
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
  const read = async (file: File | null) => {
    const isTooLong = file !== null && file.size > MAX_TRACE_LENGTH;
    setTooLong(
      isTooLong
        ? `${file.name} has ${formatBytes(file.size)}; a trace may have ${formatBytes(MAX_TRACE_LENGTH)}. Cut it to its first lines.`
        : null,
    );
    if (!file || isTooLong) return set({ trace: null });
    const data = await file.text();
    return set({ trace: { name: file.name, format: formatOf(data), data } });
  };
  const lines = draft.trace ? draft.trace.data.trim().split('\n').length : 0;
  return (
    <>
      <FileInput
        size="xs"
        label="Trace"
        placeholder={draft.trace?.name ?? 'Choose a .csv or .jsonl file'}
        description={
          draft.trace
            ? `${draft.trace.name}: ${lines.toLocaleString('en')} lines, ${draft.trace.format}`
            : 'Azure: TIMESTAMP, ContextTokens, GeneratedTokens. Mooncake: JSON lines with hash_ids.'
        }
        error={tooLong}
        leftSection={<Icon name="upload" size={14} />}
        accept=".csv,.jsonl,.json,.txt"
        clearable
        onChange={(file) => void read(file)}
      />
      <div className={classes.pair}>
        <OptionalNumber
          label="Only the first"
          placeholder="all"
          min={1}
          whole
          value={draft.maxRequests}
          onChange={(maxRequests) => set({ maxRequests })}
        />
        <NumberField
          label="Gaps ×"
          help="Gaps between arrivals are multiplied by this."
          min={0.000_001}
          value={draft.timeScale}
          onChange={(timeScale) => set({ timeScale })}
        />
        <OptionalNumber
          label="Lengths ×"
          placeholder="fit the context"
          min={0.000_001}
          max={1}
          value={draft.lengthScale}
          onChange={(lengthScale) => set({ lengthScale })}
        />
      </div>
    </>
  );
}

function DrawnFields({ draft, set }: Props) {
  const { kind } = draft;
  return (
    <>
      <div className={classes.pair}>
        {(kind === 'poisson' || kind === 'gamma') && (
          <NumberField label="Requests/s" min={0.001} value={draft.rate} onChange={(rate) => set({ rate })} />
        )}
        {kind === 'gamma' && (
          <NumberField
            label="Burstiness"
            help="Shape of the gaps: 1 is Poisson, below 1 more bursty, above 1 more even."
            min={0.01}
            max={100}
            value={draft.burstiness}
            onChange={(burstiness) => set({ burstiness })}
          />
        )}
        {kind === 'ramp' && (
          <>
            <NumberField label="From, requests/s" min={0.001} value={draft.startRate} onChange={(startRate) => set({ startRate })} />
            <NumberField label="To, requests/s" min={0.001} value={draft.endRate} onChange={(endRate) => set({ endRate })} />
          </>
        )}
        {kind === 'closed_loop' && (
          <>
            <NumberField
              label="Users"
              help="Each has one request at a time."
              min={1}
              whole
              value={draft.concurrency}
              onChange={(concurrency) => set({ concurrency })}
            />
            <NumberField label="Think time" suffix=" ms" value={draft.thinkMs} onChange={(thinkMs) => set({ thinkMs })} />
          </>
        )}
        <NumberField
          label="Requests"
          min={1}
          max={100_000}
          whole
          value={draft.numRequests}
          onChange={(numRequests) => set({ numRequests })}
        />
      </div>
      <LengthsField label="Prompt" value={draft.prompt} onChange={(prompt) => set({ prompt })} />
      <LengthsField label="Output" value={draft.output} onChange={(output) => set({ output })} />
      <div className={classes.pair}>
        <OptionalNumber
          label="Shared prefixes"
          help="So many different prefixes; each prompt begins with one of them."
          placeholder="none"
          min={1}
          whole
          value={draft.prefixGroups}
          onChange={(prefixGroups) => set({ prefixGroups })}
        />
        {draft.prefixGroups !== null && (
          <NumberField label="Prefix tokens" min={1} whole value={draft.prefixTokens} onChange={(prefixTokens) => set({ prefixTokens })} />
        )}
        <NumberField
          label="Clients"
          help="Requests come from so many clients in turn; the policy fair tells them apart."
          min={1}
          max={1000}
          whole
          value={draft.clients}
          onChange={(clients) => set({ clients })}
        />
        <TextInput
          label="Priorities"
          placeholder="0"
          value={draft.priorities}
          onChange={({ currentTarget }) => set({ priorities: currentTarget.value })}
        />
        <OptionalNumber
          label="Deadline"
          help="From arrival; for the policy edf."
          placeholder="none"
          suffix=" ms"
          min={1}
          value={draft.deadlineMs}
          onChange={(deadlineMs) => set({ deadlineMs })}
        />
      </div>
    </>
  );
}

function LengthsField({ label, value, onChange }: { label: string; value: LengthsDraft; onChange: (value: LengthsDraft) => void }) {
  const { distribution } = value;
  const field = (name: 'tokens' | 'min' | 'max' | 'median', text: string) => (
    <NumberField label={text} min={1} whole value={value[name]} onChange={(next) => onChange({ ...value, [name]: next })} />
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
          {field('min', 'from')}
          {field('max', 'to')}
        </>
      )}
      {distribution === 'lognormal' && (
        <>
          {field('median', 'median')}
          <NumberField label="sigma" min={0.01} max={5} value={value.sigma} onChange={(sigma) => onChange({ ...value, sigma })} />
          {field('max', 'at most')}
        </>
      )}
    </div>
  );
}
