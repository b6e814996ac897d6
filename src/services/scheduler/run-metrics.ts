/** What became of a workload's requests, and the figures by which serving is judged. */
import type { Output, ParsedInput } from '../../contract/index.ts';
import type { GenerationResult, StepRecord } from '../../engine/index.ts';
import type { WorkloadRun } from '../../engine/workload/feed.ts';
import { summarize } from '../../engine/workload/metrics.ts';
import { promptLength, type Workload, type WorkloadRequest } from '../../engine/workload/workload.ts';

type Schedule = Output<'scheduler', 'schedule'>;
type ServedRequest = Schedule['requests'][number];
type Metrics = Schedule['metrics'];
type Objectives = NonNullable<ParsedInput<'scheduler', 'schedule'>['slo']>;

/** @param idPrefix what stands before a request's own id in the engine; `startMs` the start on the engine's clock */
export function servedRequests(
  workload: Workload,
  run: WorkloadRun,
  objectives: Objectives | undefined,
  idPrefix: string,
  startMs: number,
): ServedRequest[] {
  const results = new Map(run.results.map((result) => [result.id, result]));
  const refusals = new Map(run.refused.map(({ request, reason }) => [request.id, reason]));
  return workload.requests.map((request) => {
    const result = results.get(request.id!);
    const served = result ? fromResult(request, result, objectives, startMs) : refusedOrCancelled(request, refusals.get(request.id!));
    return { ...served, request_id: request.id!.slice(idPrefix.length) };
  });
}

function fromResult(
  request: WorkloadRequest,
  result: GenerationResult,
  objectives: Objectives | undefined,
  startMs: number,
): ServedRequest {
  const { finishReason, error } = result.completions[0]!;
  const { timings } = result;
  const outcome = finishReason === 'cancelled' ? 'cancelled' : finishReason === 'error' ? 'failed' : 'finished';
  return {
    ...described(request),
    arrival_ms: Math.max(0, timings.arrivalMs - startMs),
    prompt_tokens: result.promptTokens,
    cached_tokens: result.cachedTokens,
    output_tokens: result.completionTokens,
    outcome,
    reason: outcome === 'finished' ? null : (error ?? finishReason),
    queued_ms: timings.queuedMs,
    ttft_ms: timings.ttftMs,
    tpot_ms: timings.tpotMs,
    e2e_ms: timings.e2eMs,
    preemptions: result.preemptions,
    met_objectives: objectives ? outcome === 'finished' && meets(result, objectives, request.deadlineMs) : null,
  };
}

function refusedOrCancelled(request: WorkloadRequest, refusal: string | undefined): ServedRequest {
  return {
    ...described(request),
    cached_tokens: 0,
    output_tokens: 0,
    outcome: refusal === undefined ? 'cancelled' : 'refused',
    reason: refusal ?? 'The run was ended before it arrived.',
    queued_ms: null,
    ttft_ms: null,
    tpot_ms: null,
    e2e_ms: null,
    preemptions: 0,
    met_objectives: null,
  };
}

function described(request: WorkloadRequest) {
  return {
    request_id: request.id!,
    client: request.client ?? 'default',
    priority: request.priority ?? 0,
    arrival_ms: request.arrivalMs,
    deadline_ms: request.deadlineMs ?? null,
    prompt_tokens: request.promptTokenIds?.length ?? promptLength(request),
  };
}

function meets({ timings }: GenerationResult, objectives: Objectives, deadlineMs: number | undefined): boolean {
  const within = (value: number | null, bound: number | undefined) => bound === undefined || (value ?? 0) <= bound;
  return (
    within(timings.ttftMs, objectives.ttft_ms) &&
    within(timings.tpotMs, objectives.tpot_ms) &&
    within(timings.e2eMs, objectives.e2e_ms) &&
    (!objectives.deadline || within(timings.e2eMs, deadlineMs))
  );
}

export function metricsOf(
  requests: readonly ServedRequest[],
  run: WorkloadRun,
  numBlocks: number,
  objectives: Objectives | undefined,
): Metrics {
  const finished = requests.filter(({ outcome }) => outcome === 'finished');
  const { makespanMs, requestsPerSecond } = run.metrics;
  const perSecond = (count: number) => (makespanMs > 0 ? (1000 * count) / makespanMs : 0);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const promptTokens = sum(finished.map(({ prompt_tokens }) => prompt_tokens));
  const good = requests.filter(({ met_objectives }) => met_objectives === true).length;
  const count = (outcome: ServedRequest['outcome']) => requests.filter((request) => request.outcome === outcome).length;
  const batches = run.records.map(({ features }) => features.batchSize);
  return {
    requests: {
      total: requests.length,
      finished: finished.length,
      refused: count('refused'),
      cancelled: count('cancelled'),
      failed: count('failed'),
    },
    makespan_ms: makespanMs,
    queue_time: latency(finished.map(({ queued_ms }) => queued_ms)),
    ttft: latency(finished.map(({ ttft_ms }) => ttft_ms)),
    tpot: latency(finished.map(({ tpot_ms }) => tpot_ms)),
    itl: latency(
      run.results.flatMap(({ completions }) =>
        completions.flatMap(({ tokenTimesMs }) => tokenTimesMs.slice(1).map((time, i) => time - tokenTimesMs[i]!)),
      ),
    ),
    e2e: latency(finished.map(({ e2e_ms }) => e2e_ms)),
    requests_per_second: requestsPerSecond,
    prompt_tokens_per_second: perSecond(promptTokens),
    output_tokens_per_second: perSecond(sum(finished.map(({ output_tokens }) => output_tokens))),
    goodput: objectives ? { requests_per_second: perSecond(good), share: good / requests.length } : null,
    steps: run.records.length,
    batch_size: { mean: batches.length > 0 ? sum(batches) / batches.length : 0, max: batches.reduce((a, b) => Math.max(a, b), 0) },
    kv_utilization: utilization(run.records, numBlocks),
    prefix_hit_rate: promptTokens > 0 ? sum(finished.map(({ cached_tokens }) => cached_tokens)) / promptTokens : null,
    preemptions: sum(requests.map(({ preemptions }) => preemptions)),
    swaps: run.swaps,
    fairness: fairness(finished),
  };
}

function latency(values: readonly (number | null)[]): Metrics['ttft'] {
  const known = values.filter((value): value is number => value !== null);
  const summary = summarize(known);
  if (!summary) return null;
  const { count, mean, p50, p95, p99 } = summary;
  return { count, mean_ms: mean, p50_ms: p50, p95_ms: p95, p99_ms: p99, max_ms: known.reduce((a, b) => Math.max(a, b)) };
}

/** Each step counts by the time it took. */
function utilization(records: readonly StepRecord[], numBlocks: number): Metrics['kv_utilization'] {
  let held = 0;
  let time = 0;
  let max = 0;
  for (const { startMs, endMs, referencedBlocks } of records) {
    held += referencedBlocks * (endMs - startMs);
    time += endMs - startMs;
    max = Math.max(max, referencedBlocks / numBlocks);
  }
  return { mean: time > 0 ? Math.min(1, held / time / numBlocks) : 0, max: Math.min(1, max) };
}

/** Jain, Chiu and Hawe 1984: (Σx)² / (n Σx²) over the clients' tokens. */
function fairness(requests: readonly ServedRequest[]): number | null {
  const tokens = new Map<string, number>();
  for (const { client, prompt_tokens, output_tokens } of requests)
    tokens.set(client, (tokens.get(client) ?? 0) + prompt_tokens + output_tokens);
  if (tokens.size < 2) return null;
  const shares = [...tokens.values()];
  const total = shares.reduce((a, b) => a + b, 0);
  return total ** 2 / (shares.length * shares.reduce((a, b) => a + b * b, 0));
}
