/** What is to be served and how, as the form holds it, and the input that it makes. */
import { type Input, invalidInput, type Output } from '../../../contract/index.ts';
import type { z } from 'zod';
import { workload as contractWorkload } from '../../../contract/workload.ts';
import { jsonSchemaOf } from '../json/json-schema.ts';
import { readJson } from '../json/json-text.ts';
import { parseNumbers } from '../entry/number-text.ts';

type Policy = Output<'scheduler', 'policy'>;
export type ScheduleInput = Input<'scheduler', 'schedule'>;
export type Workload = ScheduleInput['workload'];
export type WorkloadKind = Workload['kind'];
type Drawn = Extract<Workload, { kind: 'poisson' }>;
export type Lengths = Drawn['prompt_tokens'];
export type TraceFormat = Extract<Workload, { kind: 'trace' }>['format'];

export interface LengthsDraft {
  distribution: Lengths['distribution'];
  tokens: number;
  min: number;
  max: number;
  median: number;
  sigma: number;
}

/** `null`: left out. */
export interface Draft {
  mode: 'simulate' | 'run';
  kind: WorkloadKind;
  /** By the contract's names, of all kinds together: what one has of another is kept when the kind changes. */
  numbers: Readonly<Record<string, number | null>>;
  prompt: LengthsDraft;
  output: LengthsDraft;
  prefixGroups: number | null;
  prefixTokens: number;
  priorities: string;
  requests: string;
  trace: { name: string; format: TraceFormat; data: string } | null;
  policy: Policy['policy'] | null;
  parameters: Record<string, number>;
  stepMode: Policy['step_mode'] | null;
  preemption: Policy['preemption'] | null;
  tokenBudget: number | null;
  maxNumSeqs: number | null;
  chunkSize: number | null;
  numBlocks: number | null;
  memoryStrategy: NonNullable<ScheduleInput['memory_strategy']> | null;
  sloTtftMs: number | null;
  sloTpotMs: number | null;
  seed: number;
}

const lengths = (min: number, max: number): LengthsDraft => ({
  distribution: 'uniform',
  tokens: min,
  min,
  max,
  median: Math.round((min + max) / 2),
  sigma: 0.6,
});

const shapes = new Map(contractWorkload.options.map(({ shape }) => [shape.kind.value, shape as Record<string, z.ZodType>]));

export interface WorkloadField {
  name: string;
  isNumber: boolean;
  isOptional: boolean;
}

/** The fields of a kind, in the order of the contract. */
export function fieldsOf(kind: WorkloadKind): WorkloadField[] {
  const fields = Object.entries(shapes.get(kind) ?? {}).filter(([name]) => name !== 'kind');
  return fields.map(([name, type]) => {
    const { type: jsonType } = jsonSchemaOf(type, 'input');
    return { name, isNumber: jsonType === 'number' || jsonType === 'integer', isOptional: type.safeParse(undefined).success };
  });
}

const NO_NUMBERS = Object.fromEntries(
  [...shapes.keys()].flatMap((kind) => fieldsOf(kind).flatMap(({ name, isNumber }) => (isNumber ? [[name, null]] : []))),
);

export const DEFAULT_DRAFT: Draft = {
  ...{
    mode: 'simulate',
    kind: 'poisson',
    numbers: {
      ...NO_NUMBERS,
      rate: 12,
      burstiness: 0.4,
      start_rate: 2,
      end_rate: 30,
      concurrency: 6,
      num_requests: 24,
      max_requests: 40,
      time_scale: 0.1,
    },
  },
  ...{
    prompt: lengths(16, 160),
    output: lengths(8, 64),
    prefixGroups: null,
    prefixTokens: 32,
    priorities: '',
  },
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
  ...{
    policy: null,
    parameters: {},
    stepMode: null,
    preemption: null,
    tokenBudget: null,
    maxNumSeqs: null,
    chunkSize: null,
    numBlocks: null,
    memoryStrategy: null,
  },
  ...{ sloTtftMs: null, sloTpotMs: null, seed: 7 },
};

/** @throws ApiError validation_failed at the field, for what the form itself can tell is wrong; all else the service says */
export function inputOf(draft: Draft): ScheduleInput {
  const slo = { ...given('ttft_ms', draft.sloTtftMs), ...given('tpot_ms', draft.sloTpotMs) };
  return {
    workload: workloadOf(draft),
    mode: draft.mode,
    ...(draft.mode === 'simulate' && {
      ...given('policy', draft.policy),
      ...(draft.policy !== null && Object.keys(draft.parameters).length > 0 && { policy_parameters: draft.parameters }),
      ...given('step_mode', draft.stepMode),
      ...given('preemption', draft.preemption),
      ...given('token_budget', draft.tokenBudget),
      ...given('max_num_seqs', draft.maxNumSeqs),
      ...given('chunk_size', draft.chunkSize),
      ...given('num_blocks', draft.numBlocks),
      ...given('memory_strategy', draft.memoryStrategy),
    }),
    ...(Object.keys(slo).length > 0 && { slo }),
    seed: draft.seed,
    max_steps: 5000,
  };
}

/** @throws ApiError validation_failed at the field */
export function workloadOf(draft: Draft): Workload {
  const { kind } = draft;
  if (kind === 'requests') return { kind, requests: valueAt('/workload/requests', readRequests(draft.requests)) };
  const numbers = Object.fromEntries(numbersOf(kind, draft.numbers).filter(([, value]) => value !== null));
  if (kind === 'trace') {
    if (!draft.trace) throw invalidInput([{ path: '/workload/data', message: 'is required: choose a file.' }]);
    const { format, data } = draft.trace;
    return { kind, format, data, ...numbers };
  }
  const priorities = valueAt('/workload/priorities', readPriorities(draft.priorities));
  return {
    ...{ kind, ...numbers, prompt_tokens: lengthsOf(draft.prompt), output_tokens: lengthsOf(draft.output) },
    ...(draft.prefixGroups !== null && { shared_prefix: { groups: draft.prefixGroups, tokens: draft.prefixTokens } }),
    ...(priorities.length > 0 && { priorities }),
  } as Workload;
}

/** Those that a kind has; what is not there is left out. */
const numbersOf = (kind: WorkloadKind, values: Readonly<Record<string, unknown>>): [string, number | null][] =>
  fieldsOf(kind).flatMap(({ name, isNumber }) => (isNumber ? [[name, (values[name] as number | null | undefined) ?? null] as const] : []));

/** The fields that make a workload, so that it can be changed in the form; what it leaves out stays as the form begins. */
export function withWorkload(draft: Draft, workload: Workload): Draft {
  const { kind } = workload;
  if (kind === 'requests') return { ...draft, kind, requests: JSON.stringify(workload.requests, null, 2) };
  const known = { ...draft, kind, numbers: { ...draft.numbers, ...Object.fromEntries(numbersOf(kind, workload)) } };
  if (kind === 'trace') return { ...known, trace: { name: `${workload.format} trace`, format: workload.format, data: workload.data } };
  const { prompt_tokens, output_tokens, shared_prefix, priorities } = workload;
  return {
    ...known,
    prompt: withLengths(draft.prompt, prompt_tokens),
    output: withLengths(draft.output, output_tokens),
    prefixGroups: shared_prefix?.groups ?? null,
    prefixTokens: shared_prefix?.tokens ?? draft.prefixTokens,
    priorities: priorities?.join(', ') ?? '',
  };
}

function withLengths(draft: LengthsDraft, lengths: Lengths): LengthsDraft {
  const { max = draft.max, ...given } = 'max' in lengths ? lengths : { ...lengths, max: draft.max };
  return { ...draft, ...given, max };
}

function lengthsOf({ distribution, tokens, min, max, median, sigma }: LengthsDraft): Lengths {
  if (distribution === 'fixed') return { distribution, tokens };
  return distribution === 'uniform' ? { distribution, min, max } : { distribution, median, sigma, max };
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
export function traceTitle({ trace, numbers }: Draft): string {
  const { max_requests, time_scale, length_scale } = numbers;
  return [
    trace?.name ?? 'trace',
    ...(max_requests ? [`first ${max_requests}`] : []),
    ...((time_scale ?? 1) === 1 ? [] : [`gaps × ${time_scale}`]),
    ...(length_scale ? [`lengths × ${length_scale}`] : []),
  ].join(', ');
}

/** The layout that a trace file has, by its first line. */
export const formatOf = (data: string): TraceFormat => (data.trimStart().startsWith('{') ? 'mooncake_jsonl' : 'azure_csv');

function given<K extends string, T>(name: K, value: T | null): { [name in K]?: T } {
  return (value === null ? {} : { [name]: value }) as { [name in K]?: T };
}
