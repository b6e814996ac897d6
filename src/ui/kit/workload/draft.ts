/** What is to be served and how, as the form holds it, and the input that it makes. */
import { type Input, invalidInput, type Output } from '../../../contract/index.ts';
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
  rate: number;
  burstiness: number;
  startRate: number;
  endRate: number;
  concurrency: number;
  thinkMs: number;
  numRequests: number;
  prompt: LengthsDraft;
  output: LengthsDraft;
  prefixGroups: number | null;
  prefixTokens: number;
  clients: number;
  priorities: string;
  deadlineMs: number | null;
  requests: string;
  trace: { name: string; format: TraceFormat; data: string } | null;
  maxRequests: number | null;
  timeScale: number;
  lengthScale: number | null;
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

export const DEFAULT_DRAFT: Draft = {
  ...{
    mode: 'simulate',
    kind: 'poisson',
    rate: 12,
    burstiness: 0.4,
    startRate: 2,
    endRate: 30,
    concurrency: 6,
    thinkMs: 0,
    numRequests: 24,
  },
  ...{
    prompt: lengths(16, 160),
    output: lengths(8, 64),
    prefixGroups: null,
    prefixTokens: 32,
    clients: 1,
    priorities: '',
    deadlineMs: null,
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
  ...{ trace: null, maxRequests: 40, timeScale: 0.1, lengthScale: null },
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
  if (kind === 'trace') {
    if (!draft.trace) throw invalidInput([{ path: '/workload/data', message: 'is required: choose a file.' }]);
    const { format, data } = draft.trace;
    return {
      kind,
      format,
      data,
      ...given('max_requests', draft.maxRequests),
      time_scale: draft.timeScale,
      ...given('length_scale', draft.lengthScale),
    };
  }
  const drawn = drawnOf(draft);
  switch (kind) {
    case 'poisson':
      return { kind, rate: draft.rate, ...drawn };
    case 'gamma':
      return { kind, rate: draft.rate, burstiness: draft.burstiness, ...drawn };
    case 'ramp':
      return { kind, start_rate: draft.startRate, end_rate: draft.endRate, ...drawn };
    case 'closed_loop':
      return { kind, concurrency: draft.concurrency, think_ms: draft.thinkMs, ...drawn };
  }
}

function drawnOf(draft: Draft): Omit<Drawn, 'kind' | 'rate'> {
  const priorities = valueAt('/workload/priorities', readPriorities(draft.priorities));
  return {
    num_requests: draft.numRequests,
    prompt_tokens: lengthsOf(draft.prompt),
    output_tokens: lengthsOf(draft.output),
    ...(draft.prefixGroups !== null && { shared_prefix: { groups: draft.prefixGroups, tokens: draft.prefixTokens } }),
    ...(draft.clients > 1 && { clients: draft.clients }),
    ...(priorities.length > 0 && { priorities }),
    ...given('deadline_ms', draft.deadlineMs),
  };
}

/** The fields that make a workload, so that it can be changed in the form; what it leaves out stays as the form begins. */
export function withWorkload(draft: Draft, workload: Workload): Draft {
  const { kind } = workload;
  if (kind === 'requests') return { ...draft, kind, requests: JSON.stringify(workload.requests, null, 2) };
  if (kind === 'trace')
    return {
      ...draft,
      kind,
      trace: { name: `${workload.format} trace`, format: workload.format, data: workload.data },
      maxRequests: workload.max_requests ?? null,
      timeScale: workload.time_scale ?? 1,
      lengthScale: workload.length_scale ?? null,
    };
  const { num_requests, prompt_tokens, output_tokens, shared_prefix, clients, priorities, deadline_ms } = workload;
  return {
    ...draft,
    kind,
    numRequests: num_requests,
    prompt: withLengths(draft.prompt, prompt_tokens),
    output: withLengths(draft.output, output_tokens),
    prefixGroups: shared_prefix?.groups ?? null,
    prefixTokens: shared_prefix?.tokens ?? draft.prefixTokens,
    clients: clients ?? 1,
    priorities: priorities?.join(', ') ?? '',
    deadlineMs: deadline_ms ?? null,
    ...(kind === 'poisson' && { rate: workload.rate }),
    ...(kind === 'gamma' && { rate: workload.rate, burstiness: workload.burstiness }),
    ...(kind === 'ramp' && { startRate: workload.start_rate, endRate: workload.end_rate }),
    ...(kind === 'closed_loop' && { concurrency: workload.concurrency, thinkMs: workload.think_ms ?? 0 }),
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
export function traceTitle({ trace, maxRequests, timeScale, lengthScale }: Draft): string {
  return [
    trace?.name ?? 'trace',
    ...(maxRequests === null ? [] : [`first ${maxRequests}`]),
    ...(timeScale === 1 ? [] : [`gaps × ${timeScale}`]),
    ...(lengthScale === null ? [] : [`lengths × ${lengthScale}`]),
  ].join(', ');
}

/** The layout that a trace file has, by its first line. */
export const formatOf = (data: string): TraceFormat => (data.trimStart().startsWith('{') ? 'mooncake_jsonl' : 'azure_csv');

function given<K extends string, T>(name: K, value: T | null): { [name in K]?: T } {
  return (value === null ? {} : { [name]: value }) as { [name in K]?: T };
}
