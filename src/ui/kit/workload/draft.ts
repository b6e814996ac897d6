/** What arrives when, as the form holds it, and the workload that it makes. */
import { type Input, invalidInput } from '../../../contract/index.ts';
import { workload as contractWorkload } from '../../../contract/workload.ts';
import { parseNumbers } from '../entry/number-text.ts';
import { fieldAt } from '../form/field-at.ts';
import { sentOf } from '../form/held.ts';
import { readJson } from '../json/json-text.ts';

export type Workload = Input<'scheduler', 'schedule'>['workload'];
export type WorkloadKind = Workload['kind'];
type Trace = Extract<Workload, { kind: 'trace' }>;

export interface WorkloadDraft {
  /** By the contract's names, of all kinds together: what one has of another is kept when the kind changes. */
  fields: { readonly kind: WorkloadKind } & Readonly<Record<string, unknown>>;
  /** As typed. */
  priorities: string;
  requests: string;
  trace: (Pick<Trace, 'format' | 'data'> & { name: string }) | null;
}

const lengths = (min: number, max: number) => ({
  distribution: 'uniform',
  ...{ tokens: min, min, max, median: Math.round((min + max) / 2), sigma: 0.6 },
});

export const NEW_WORKLOAD: WorkloadDraft = {
  fields: {
    kind: 'poisson',
    rate: 12,
    burstiness: 0.4,
    start_rate: 2,
    end_rate: 30,
    concurrency: 6,
    num_requests: 24,
    max_requests: 40,
    time_scale: 0.1,
    prompt_tokens: lengths(16, 160),
    output_tokens: lengths(8, 64),
  },
  priorities: '',
  requests: JSON.stringify(
    [
      { id: 'long', arrival_ms: 0, prompt_tokens: 300, output_tokens: 40 },
      { id: 'short-1', arrival_ms: 5, prompt_tokens: 12, output_tokens: 12 },
      { id: 'short-2', arrival_ms: 10, prompt_tokens: 12, output_tokens: 12 },
    ],
    null,
    2,
  ),
  trace: null,
};

/** @throws ApiError validation_failed at the field, for what the form itself can tell is wrong; all else the service says */
export function workloadOf({ fields, priorities, requests, trace }: WorkloadDraft): Workload {
  return sentOf(fieldAt(contractWorkload, ''), { ...fields, ...written() }) as Workload;

  function written() {
    if (fields.kind === 'requests') return { requests: valueAt('/workload/requests', readRequests(requests)) };
    if (fields.kind === 'trace') {
      if (!trace) throw invalidInput([{ path: '/workload/data', message: 'is required: choose a file.' }]);
      return { format: trace.format, data: trace.data };
    }
    const read = valueAt('/workload/priorities', readPriorities(priorities));
    return { priorities: read.length > 0 ? read : undefined };
  }
}

/** The fields that make a workload, so that it can be changed in the form; what other kinds have stays as the form begins. */
export function withWorkload(draft: WorkloadDraft, workload: Workload): WorkloadDraft {
  const { kind } = workload;
  if (kind === 'requests') return { ...draft, fields: { ...draft.fields, kind }, requests: JSON.stringify(workload.requests, null, 2) };
  const known = new Set(Object.keys(contractWorkload.options.find(({ shape }) => shape.kind.value === kind)?.shape ?? {}));
  const others = Object.fromEntries(Object.entries(draft.fields).filter(([name]) => !known.has(name)));
  if (kind === 'trace') {
    const { format, data, ...fields } = workload;
    return { ...draft, fields: { ...others, ...fields }, trace: { name: `${format} trace`, format, data } };
  }
  const { priorities, prompt_tokens, output_tokens, ...fields } = workload;
  const drawn = (name: string, lengths: object) => ({ ...(draft.fields[name] as object), ...lengths });
  return {
    ...draft,
    fields: {
      ...others,
      ...fields,
      prompt_tokens: drawn('prompt_tokens', prompt_tokens),
      output_tokens: drawn('output_tokens', output_tokens),
    },
    priorities: priorities?.join(', ') ?? '',
  };
}

type Requests = Extract<Workload, { kind: 'requests' }>['requests'];
type Read<T> = { value: T } | { fault: string };

/** Whether these are requests, the service says, field by field. */
export function readRequests(text: string): Read<Requests> {
  const read = readJson(text);
  if ('fault' in read) return read;
  return Array.isArray(read.value) ? { value: read.value as Requests } : { fault: 'must be a list with one object a request.' };
}

export function readPriorities(text: string): Read<number[]> {
  const priorities = parseNumbers(text);
  return priorities?.every(Number.isInteger)
    ? { value: priorities }
    : { fault: `must be whole numbers with commas between them; it is ${JSON.stringify(text.trim())}.` };
}

function valueAt<T>(path: string, read: Read<T>): T {
  if ('fault' in read) throw invalidInput([{ path, message: read.fault }]);
  return read.value;
}

/** What a run of a trace is called: the form may take less than the file holds, and change it. */
export function traceTitle({ trace, fields }: WorkloadDraft): string {
  const { max_requests, time_scale = 1, length_scale } = fields;
  return [
    trace?.name ?? 'trace',
    ...(max_requests === undefined ? [] : [`first ${String(max_requests)}`]),
    ...(time_scale === 1 ? [] : [`gaps × ${String(time_scale)}`]),
    ...(length_scale === undefined ? [] : [`lengths × ${String(length_scale)}`]),
  ].join(', ');
}

/** The layout that a trace file has, by its first line. */
export const formatOf = (data: string): Trace['format'] => (data.trimStart().startsWith('{') ? 'mooncake_jsonl' : 'azure_csv');
