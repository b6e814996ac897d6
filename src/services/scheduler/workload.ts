/** The contract's workloads as the engine's: arrivals drawn, traces read, lengths fitted to the context, every request named. */
import { type ApiError, invalidInput, type ParsedInput, shownNumber } from '../../contract/index.ts';
import { assertRules } from '../../contract/rules.ts';
import { MAX_MS, MAX_WORKLOAD_REQUESTS, MAX_WORKLOAD_TOKENS, rangeFault, workloadRequest } from '../../contract/workload.ts';
import { type Arrivals, generateWorkload, type LengthDistribution } from '../../engine/workload/generators.ts';
import { excerpt, parseAzureTrace, parseMooncakeTrace, TraceError } from '../../engine/workload/traces.ts';
import { promptLength, scaleToContext, type Segment, type Workload, type WorkloadRequest } from '../../engine/workload/workload.ts';

export type WorkloadInput = ParsedInput<'scheduler', 'schedule'>['workload'];
type Drawn = Extract<WorkloadInput, { kind: 'poisson' | 'gamma' | 'ramp' | 'closed_loop' }>;
type Requests = Extract<WorkloadInput, { kind: 'requests' }>['requests'];
type Trace = Extract<WorkloadInput, { kind: 'trace' }>;

export interface WorkloadContext {
  seed: number;
  contextTokens: number;
  /** Ids of a prompt's text. */
  encode: (text: string) => readonly number[];
}

/** @throws ApiError validation_failed for a trace that can't be read, or a request with both or neither of prompt and prompt_tokens */
export function workloadOf(input: WorkloadInput, context: WorkloadContext): Workload {
  const workload =
    input.kind === 'requests' ? explicit(input.requests, context) : input.kind === 'trace' ? trace(input, context) : drawn(input, context);
  const tokens = workload.requests.reduce((sum, { outputLength }) => sum + outputLength, 0);
  if (tokens > MAX_WORKLOAD_TOKENS)
    throw invalid('/workload', `asks for ${shownNumber(tokens)} tokens in all; at most ${shownNumber(MAX_WORKLOAD_TOKENS)} are generated`);
  const chosen = new Set(workload.requests.map(({ id }) => id));
  return {
    ...workload,
    requests: workload.requests.map((request, i) => ({
      ...request,
      id: request.id ?? idOf(i, chosen),
      client: request.client ?? 'default',
    })),
  };
}

function explicit(requests: Requests, { seed, encode }: WorkloadContext): Workload {
  const seen = new Set<string>();
  const chosen = new Set(requests.map(({ id }) => id));
  const all = requests.map((request, i): WorkloadRequest => {
    const path = `/workload/requests/${i}`;
    const { id = idOf(i, chosen), arrival_ms = 0, prompt, prompt_tokens, output_tokens, prefix, client, priority, deadline_ms } = request;
    assertRules(workloadRequest, request, ['workload', 'requests', i]);
    if (seen.has(id)) throw invalid(`${path}/id`, `is "${id}", as of another request`);
    seen.add(id);
    const length = prompt_tokens ?? 0;
    const shared = Math.min(prefix?.tokens ?? 0, length);
    const segments: Segment[] = [
      ...(shared > 0 ? [{ hash: textHash(`prefix ${prefix!.group}`), length: shared }] : []),
      ...(length > shared ? [{ hash: textHash(`${seed} ${id}`), length: length - shared }] : []),
    ];
    return {
      id,
      arrivalMs: arrival_ms,
      segments,
      outputLength: output_tokens,
      ...(prompt !== undefined && { promptTokenIds: encode(prompt) }),
      ...(client !== undefined && { client }),
      ...(priority !== undefined && { priority }),
      ...(deadline_ms !== undefined && { deadlineMs: deadline_ms }),
    };
  });
  return { name: 'requests', requests: all, closedLoop: null };
}

function drawn(input: Drawn, { seed, contextTokens }: WorkloadContext): Workload {
  const { shared_prefix, num_requests, prompt_tokens, output_tokens, clients, priorities, deadline_ms } = input;
  const workload = generateWorkload({
    count: num_requests,
    seed,
    arrivals: arrivalsOf(input),
    prompt: lengthsOf(prompt_tokens, contextTokens, '/workload/prompt_tokens'),
    output: lengthsOf(output_tokens, contextTokens, '/workload/output_tokens'),
    ...(shared_prefix && { sharedPrefix: shared_prefix }),
    ...(clients !== undefined && { clients }),
  });
  const requests = workload.requests.map((request, i) => ({
    ...request,
    ...(priorities && { priority: priorities[(textHash(`${seed} priority ${i}`) >>> 1) % priorities.length]! }),
    ...(deadline_ms !== undefined && { deadlineMs: deadline_ms }),
  }));
  return { ...workload, requests };
}

function arrivalsOf(input: Drawn): Arrivals {
  switch (input.kind) {
    case 'poisson':
      return { kind: 'poisson', rate: input.rate };
    case 'gamma':
      // The contract gives the shape of the gaps, the engine their coefficient of variation.
      return { kind: 'gamma', rate: input.rate, variation: 1 / Math.sqrt(input.burstiness) };
    case 'ramp':
      return {
        kind: 'ramp',
        from: input.start_rate,
        to: input.end_rate,
        durationMs: (2000 * input.num_requests) / (input.start_rate + input.end_rate),
      };
    case 'closed_loop':
      return { kind: 'closed_loop', users: input.concurrency, thinkMs: input.think_ms ?? 0 };
  }
}

function lengthsOf(lengths: Drawn['prompt_tokens'], contextTokens: number, path: string): LengthDistribution {
  switch (lengths.distribution) {
    case 'fixed':
      return { kind: 'fixed', tokens: lengths.tokens };
    case 'uniform': {
      const fault = rangeFault(lengths);
      if (fault !== null) throw invalid(`${path}/min`, fault);
      return { kind: 'uniform', minimum: lengths.min, maximum: lengths.max };
    }
    case 'lognormal':
      return { kind: 'lognormal', median: lengths.median, sigma: lengths.sigma, maximum: lengths.max ?? contextTokens };
  }
}

function trace({ format, data, max_requests, time_scale = 1, length_scale }: Trace, { contextTokens }: WorkloadContext): Workload {
  let workload: Workload;
  try {
    workload = format === 'azure_csv' ? parseAzureTrace(data) : parseMooncakeTrace(data);
  } catch (error) {
    if (error instanceof TraceError)
      throw invalid('/workload/data', `can't be read: ${error.message.replace(/^L/, 'l').replace(/\.$/, '')}`);
    throw error;
  }
  workload = excerpt(workload, max_requests ?? workload.requests.length, 1 / time_scale);
  const count = workload.requests.length;
  if (count === 0) throw invalid('/workload/data', 'holds no request');
  const lastMs = workload.requests.at(-1)!.arrivalMs;
  if (lastMs > MAX_MS)
    throw invalid(
      '/workload/data',
      `goes on for ${lastMs} ms, by time_scale; at most ${MAX_MS} are served, beyond which sums of times are not exact any more`,
    );
  if (count > MAX_WORKLOAD_REQUESTS)
    throw invalid(
      '/workload/data',
      `holds ${shownNumber(count)} requests; at most ${shownNumber(MAX_WORKLOAD_REQUESTS)} are served, and max_requests takes the first so many`,
    );
  // One factor for all, as if the model's context were so much longer or shorter.
  const longest = workload.requests.reduce((most, request) => Math.max(most, promptLength(request) + request.outputLength), 0);
  return scaleToContext(
    workload,
    length_scale === undefined ? contextTokens : Math.min(contextTokens, Math.ceil(longest * length_scale) + 2),
  );
}

/** Of a request without one: `r3` for the fourth, unless another has chosen it. */
function idOf(index: number, chosen: ReadonlySet<string | undefined>): string {
  let id = `r${index}`;
  while (chosen.has(id)) id += '_';
  return id;
}

/** 31 bits, FNV-1a. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash & 0x7fffffff;
}

const invalid = (path: string, what: string): ApiError => invalidInput([{ path, message: `${what}.` }]);
