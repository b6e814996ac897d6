/** A workload served as a plan says, by an engine of its own: what came out, how fast, and what the keys and values held. */
import { ApiError, type Output, type ParsedInput } from '../../contract/index.ts';
import { Engine, type ModelRunner, type StepRecord } from '../../engine/index.ts';
import { runLive } from '../../engine/workload/live.ts';
import type { Workload } from '../../engine/workload/workload.ts';
import { fromEngine } from '../engine-errors.ts';
import { metricsOf, servedRequests } from '../scheduler/run-metrics.ts';
import type { PlanFields } from '../../contract/plan.ts';
import type { OpenedPlan } from './plan-bench.ts';

type Objectives = ParsedInput<'computation', 'runExperiment'>['slo'];

export interface Served {
  metrics: NonNullable<Output<'computation', 'execute'>['metrics']>;
  /** By request, in the workload's order; empty where it was refused. */
  tokenIds: number[][];
  /** [V] after the prompt, by the prompt's ids. */
  logits: ReadonlyMap<string, Float32Array>;
  prefillTokensPerSecond: number | null;
  decodeTokensPerSecond: number | null;
  peakKvBytes: number;
  wastedKvBytes: number;
  durationMs: number;
}

export const promptKey = (ids: ArrayLike<number>): string => Array.from(ids).join();

export async function servePlan(
  { runner, plan: { code } }: OpenedPlan,
  plan: PlanFields,
  workload: Workload,
  { objectives, signal }: { objectives?: Objectives; signal?: AbortSignal | undefined } = {},
): Promise<Served> {
  const prompts = new Set(workload.requests.flatMap(({ promptTokenIds }) => (promptTokenIds ? [promptKey(promptTokenIds)] : [])));
  const longest = workload.requests.reduce((longest, { promptTokenIds }) => Math.max(longest, promptTokenIds?.length ?? 0), 0);
  const logits = new Map<string, Float32Array>();
  const engine = new Engine(runner, {
    policy: code.policy,
    eviction: code.eviction,
    strategy: plan.memory_strategy,
    prefixCaching: plan.prefix_caching,
    mode: plan.step_mode,
    tokenBudget: plan.token_budget,
    chunkSize: plan.chunk_size,
    maxNumSeqs: 64,
    queueLimit: Math.max(1, workload.requests.length),
    watermark: 0,
    sample: (row, context) => {
      if (context.tokenIds.length <= longest) {
        const key = promptKey(context.tokenIds);
        if (prompts.has(key) && !logits.has(key)) logits.set(key, row.slice());
      }
      return code.sample(row, context);
    },
  });
  const startMs = performance.now();
  try {
    const run = await runLive(engine, workload, { detailedSteps: 0, ...(signal && { signal }) });
    // The engine goes on without code that fails; what it gave then is not what the plan says.
    const [failure] = run.failures;
    if (failure)
      throw new ApiError('code_invalid', `The code of the plan failed: ${failure.message}`, [
        { path: `/code_revisions/${failure.resource}`, message: failure.message },
      ]);
    const broken = run.results.flatMap(({ completions }) => completions).find(({ cause }) => cause !== null);
    if (broken) throw fromEngine(broken.cause);
    const requests = servedRequests(workload, run, objectives, '', startMs);
    const results = new Map(run.results.map((result) => [result.id, result]));
    return {
      metrics: metricsOf(requests, run, runner.pool.numBlocks, objectives),
      tokenIds: workload.requests.map(({ id }) => results.get(id!)?.completions[0]?.tokenIds ?? []),
      logits,
      prefillTokensPerSecond: rate(
        run.records.filter(({ features }) => features.decodeTokens === 0),
        (record) => record.features.prefillTokens,
      ),
      decodeTokensPerSecond: rate(
        run.records.filter(({ features }) => features.prefillTokens === 0),
        (record) => record.features.decodeTokens,
      ),
      ...peak(run.records, runner.pool),
      durationMs: performance.now() - startMs,
    };
  } finally {
    await engine.stop();
  }
}

/** Over the steps that did nothing else. */
function rate(records: readonly StepRecord[], tokens: (record: StepRecord) => number): number | null {
  const count = records.reduce((sum, record) => sum + tokens(record), 0);
  const ms = records.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return count > 0 && ms > 0 ? (1000 * count) / ms : null;
}

/** Where most blocks were held, and how much of them held no token. */
function peak(
  records: readonly StepRecord[],
  { blockBytes, blockSize }: ModelRunner['pool'],
): Pick<Served, 'peakKvBytes' | 'wastedKvBytes'> {
  let most: StepRecord | null = null;
  for (const record of records) if (!most || record.referencedBlocks > most.referencedBlocks) most = record;
  if (!most) return { peakKvBytes: 0, wastedKvBytes: 0 };
  const { contextTokens, prefillTokens, decodeTokens } = most.features;
  const unused = Math.max(0, most.referencedBlocks * blockSize - contextTokens - prefillTokens - decodeTokens);
  return { peakKvBytes: most.referencedBlocks * blockBytes, wastedKvBytes: Math.round((unused / blockSize) * blockBytes) };
}
