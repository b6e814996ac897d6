/** What arrives when: the kinds of workload of the contract, each with the fields it has. */
import { FileInput } from '@mantine/core';
import { useState } from 'react';
import { contract } from '../../../contract/index.ts';
import { MAX_TRACE_LENGTH } from '../../../contract/workload.ts';
import { formatBytes } from '../format.ts';
import { useFault } from '../entry/form-faults.tsx';
import { Icon } from '../icons.tsx';
import { LongTextEntry, TextEntry } from '../entry/text-entry.tsx';
import { SchemaFields } from '../form/schema-fields.tsx';
import { FieldGroup } from '../layout/fields.tsx';
import { formatOf, readPriorities, readRequests, type WorkloadDraft } from './draft.ts';
import classes from './workload.module.css';

const faultIn = (read: object): string | undefined => ('fault' in read ? String(read.fault) : undefined);

interface Props {
  draft: WorkloadDraft;
  set: (change: Partial<WorkloadDraft>) => void;
}

export function WorkloadForm({ draft, set }: Props) {
  return (
    <FieldGroup title="Workload">
      <SchemaFields
        // Experiments take the same workloads under the same name.
        of={contract.scheduler.endpoints.schedule.input}
        at="/workload"
        value={draft.fields}
        onChange={(fields) => set({ fields })}
        own={{
          requests: { draw: <RequestsField draft={draft} set={set} /> },
          data: { draw: <TraceField draft={draft} set={set} /> },
          priorities: { draw: <PrioritiesField draft={draft} set={set} /> },
        }}
      />
    </FieldGroup>
  );
}

function RequestsField({ draft, set }: Props) {
  return (
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
  );
}

function TraceField({ draft, set }: Props) {
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
