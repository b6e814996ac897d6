/** `POST /computation/execute` of a plan: built as it says beside the active model, run, and compared with the built-in code. */
import { ApiError, type ArrayTensor, type Output } from '../../contract/index.ts';
import type { Workload } from '../../engine/workload/workload.ts';
import { notFiniteIn } from '../finite.ts';
import { checkTokenIds } from '../model/prompt.ts';
import { type Agreement, agreementOf } from '../../contract/agreement.ts';
import type { ServingModel } from '../serving/active-model.ts';
import type { PlanFields } from '../../contract/plan.ts';
import { type ExampleOutput, LOGIT_TOLERANCE, verdictOn } from '../../contract/plan-example.ts';
import { promptLength, tokensOf } from './plan.ts';
import { madeUpPrompts, type PlacedPrompt } from './plan-prompts.ts';
import { blocksFor, type OpenedPlan, type PlanBench } from './plan-bench.ts';
import { type CodeSource, findCode, loadCode } from './plan-code.ts';
import type { GpuInfo } from '../../ports/shaders.ts';
import { planProblems, type ResolvedPlan, resolvePlan } from './resolve-plan.ts';
import { promptKey, type Served, servePlan } from './serve-plan.ts';

type Execution = Output<'computation', 'execute'>;

export interface PlanRequest {
  plan: PlanFields;
  /** Made up from the seed unless given. */
  prompts: readonly PlacedPrompt[] | null;
  /** What they must give, where that is known. */
  expected: ExampleOutput | null;
  seed: number;
  checkReference: boolean;
}

/** What plans are run with. */
export interface PlanSetting {
  model: ServingModel;
  gpu: GpuInfo | string;
  bench: PlanBench;
  code: CodeSource;
}

const CODES = {
  kernel: 'not_found',
  seq_len: 'context_exceeded',
  decode_tokens: 'validation_failed',
  batch_size: 'out_of_blocks',
  code_revisions: 'not_found',
} as const;

/**
 * What the plan comes to, its code ready to run.
 * @throws ApiError for what no fallback helps: a kernel or revision that is not there, a context or memory that is too small
 */
export async function preparePlan(plan: PlanFields, { model, gpu, code }: Omit<PlanSetting, 'bench'>): Promise<ResolvedPlan> {
  const found = await findCode(plan, code);
  // A missing provider or dtype is fallen back from, with the reason in the result.
  const problem = planProblems(plan, found, model, gpu).find(({ path }) => path !== '/execution_provider' && path !== '/compute_dtype');
  if (!problem) return resolvePlan(plan, found, await loadCode(found), model, gpu);
  const field = problem.path.split('/')[1] ?? '';
  // A patch that is not active is no kernel that is missing.
  const isUnpatched = field === 'kernel' && plan.kernel === 'patched';
  const errorCode = isUnpatched ? 'code_invalid' : field === '' ? 'conflict' : CODES[field as keyof typeof CODES];
  throw new ApiError(errorCode ?? 'code_invalid', `The plan can't run: ${problem.path} ${problem.message}`, [problem]);
}

export async function runPlan(request: PlanRequest, setting: PlanSetting, signal?: AbortSignal): Promise<Execution> {
  const { model, bench } = setting;
  const { plan, prompts, isGiven } = withPrompts(request, model);
  const resolved = await preparePlan(plan, setting);
  if (isGiven) noteSizes(request.plan, plan, resolved.used.fallbacks);
  const opened = await bench.open(resolved, model, blocksFor(resolved, plan.batch_size, tokensOf(plan)));
  try {
    const served = await servePlan(opened, plan, workloadOfPrompts(prompts, plan.decode_tokens), { signal });
    if (signal?.aborted) throw new ApiError('cancelled', 'The caller cancelled the run.');
    const { used, provider } = opened.plan;
    const outputs = { logits: stackRows(logitsOf(served, prompts, opened)) };
    const tokenIds = served.tokenIds.map((ids) => ids.slice(0, plan.decode_tokens));
    const { expected } = request;
    return {
      kind: 'plan',
      used,
      execution_provider: provider,
      fallback_reason: used.fallbacks.find(({ field }) => field === 'execution_provider')?.reason ?? null,
      outputs,
      not_finite: notFiniteIn(outputs),
      token_ids: tokenIds,
      metrics: served.metrics,
      agreement: request.checkReference ? await compareWithBuiltIn(served, opened, model, prompts, bench) : null,
      example: expected && verdictOn(expected, { token_ids: tokenIds, outputs, used }),
      build_ms: opened.buildMs,
      run_ms: served.durationMs,
      gpu_ms: null,
    };
  } finally {
    bench.rest();
  }
}

/** Prompts at once; at least one token each, since that is what shows the logits after the prompt. */
export function workloadOfPrompts(prompts: readonly (readonly number[])[], decodeTokens: number): Workload {
  const requests = prompts.map((promptTokenIds, i) => ({
    id: `sequence_${i}`,
    arrivalMs: 0,
    segments: [],
    promptTokenIds,
    outputLength: Math.max(1, decodeTokens),
  }));
  return { name: 'plan', requests, closedLoop: null };
}

function withPrompts(
  { plan, prompts: given, seed }: PlanRequest,
  model: ServingModel,
): { plan: PlanFields; prompts: readonly (readonly number[])[]; isGiven: boolean } {
  const { vocabSize, maxPositionEmbeddings } = model.runner.shape;
  if (!given) {
    // A plan beyond the context, or without a prompt, is refused for that before prompts are made up for it.
    const isPossible = promptLength(plan) > 0 && promptLength(plan) < maxPositionEmbeddings;
    return { plan, prompts: isPossible ? madeUpPrompts(plan, seed, vocabSize) : [], isGiven: false };
  }
  for (const { path, ids } of given) checkTokenIds(ids, vocabSize, path);
  const longest = Math.max(...given.map(({ ids }) => ids.length));
  const sizes = { batch_size: given.length, seq_len: longest + plan.decode_tokens };
  return { plan: { ...plan, ...sizes }, prompts: given.map(({ ids }) => ids), isGiven: true };
}

function noteSizes(asked: PlanFields, used: PlanFields, fallbacks: NonNullable<Execution['used']>['fallbacks']): void {
  for (const field of ['batch_size', 'seq_len'] as const)
    if (asked[field] !== used[field])
      fallbacks.push({ field, asked: asked[field], used: used[field], reason: 'The prompts that were given make it so.' });
}

/** Rows after the prompts. */
const logitsOf = (served: Served, prompts: readonly (readonly number[])[], { runner }: OpenedPlan): Float32Array[] =>
  prompts.map((ids) => served.logits.get(promptKey(ids)) ?? new Float32Array(runner.shape.vocabSize));

/** Against the built-in code: the active model where that is it, else the plan's own runner with the built-in kernel. */
export async function compareWithBuiltIn(
  served: Served,
  opened: OpenedPlan,
  model: ServingModel,
  prompts: readonly (readonly number[])[],
  bench: PlanBench,
): Promise<Agreement> {
  const { provider, dtype } = opened.plan;
  const isActive = model.engine.codeRevision === '' && model.provider === provider && model.computeDtype === dtype;
  if (!isActive) await bench.setBuiltInCode(opened);
  const runner = isActive ? model.runner : opened.runner;
  const rows = prompts.map((tokenIds) => ({ tokenIds, past: 0, blockTable: null, logits: 'last' as const }));
  const [actual, expected] = [stackRows(logitsOf(served, prompts, opened)), stackRows((await runner.run(rows)).logits)];
  return agreementOf(
    [{ name: 'logits', shape: expected.shape, expected: expected.data as Float32Array, actual: actual.data as Float32Array }],
    LOGIT_TOLERANCE[dtype],
  );
}

function stackRows(rows: readonly Float32Array[]): ArrayTensor {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(row, i * width));
  return { dtype: 'float32', shape: [rows.length, width], data };
}
