/** `POST /computation/execute` of a plan: built as it says beside the active model, run, and compared with the built-in code. */
import { ApiError, type ArrayTensor, type Output } from '../../contract/index.ts';
import { type Workload, promptTokens } from '../../engine/workload/workload.ts';
import { notFiniteIn } from '../finite.ts';
import { checkTokenIds } from '../model/prompt.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import type { ServingModel } from '../serving/active-model.ts';
import type { PlanFields } from './plan.ts';
import { blocksFor, type OpenedPlan, type PlanBench } from './plan-bench.ts';
import { type CodeSource, findCode, loadCode } from './plan-code.ts';
import type { GpuInfo } from '../../ports/shaders.ts';
import { planProblems, type ResolvedPlan, resolvePlan } from './resolve-plan.ts';
import { promptKey, type Served, servePlan } from './serve-plan.ts';

type Execution = Output<'computation', 'execute'>;

export interface PlanRequest {
  plan: PlanFields;
  /** Prompts; made up from the seed unless given. */
  inputIds: readonly number[][] | null;
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

/** Largest difference of a logit that counts as agreement. */
const TOLERANCE = { float32: 1e-3, float16: 0.25 } as const;
const CODES = { kernel: 'not_found', seq_len: 'context_exceeded', batch_size: 'out_of_blocks', code_revisions: 'not_found' } as const;

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
  const opened = await bench.open(resolved, model, blocksFor(resolved, plan.batch_size, plan.seq_len + Math.max(1, plan.decode_tokens)));
  try {
    const served = await servePlan(opened, plan, workloadOfPrompts(prompts, plan.decode_tokens), { signal });
    if (signal?.aborted) throw new ApiError('cancelled', 'The caller cancelled the run.');
    const { used, provider } = opened.plan;
    const outputs = { logits: stackRows(logitsOf(served, prompts, opened)) };
    return {
      kind: 'plan',
      used,
      execution_provider: provider,
      fallback_reason: used.fallbacks.find(({ field }) => field === 'execution_provider')?.reason ?? null,
      outputs,
      not_finite: notFiniteIn(outputs),
      token_ids: served.tokenIds.map((ids) => ids.slice(0, plan.decode_tokens)),
      metrics: served.metrics,
      agreement: request.checkReference ? await compareWithBuiltIn(served, opened, model, prompts, bench) : null,
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

/** The same prompts for the same seed and vocabulary. */
export function madeUpPrompts({ batch_size, seq_len }: PlanFields, seed: number, vocabSize: number): number[][] {
  return Array.from({ length: batch_size }, (_, i) => [
    ...promptTokens(
      { arrivalMs: 0, outputLength: 1, segments: [{ hash: (Math.imul(seed, 0x9e3779b1) + i) | 0, length: seq_len }] },
      vocabSize,
    ),
  ]);
}

function withPrompts(
  { plan, inputIds, seed }: PlanRequest,
  model: ServingModel,
): { plan: PlanFields; prompts: readonly number[][]; isGiven: boolean } {
  const { vocabSize, maxPositionEmbeddings } = model.runner.shape;
  if (!inputIds) {
    // A plan beyond the context is refused for that, before prompts are made up for it.
    const seqLength = Math.min(plan.seq_len, maxPositionEmbeddings);
    return { plan, prompts: madeUpPrompts({ ...plan, seq_len: seqLength }, seed, vocabSize), isGiven: false };
  }
  inputIds.forEach((ids, i) => checkTokenIds(ids, vocabSize, `/input_ids/${i}`));
  const sizes = { batch_size: inputIds.length, seq_len: Math.max(...inputIds.map((ids) => ids.length)) };
  return { plan: { ...plan, ...sizes }, prompts: inputIds, isGiven: true };
}

function noteSizes(asked: PlanFields, used: PlanFields, fallbacks: NonNullable<Execution['used']>['fallbacks']): void {
  for (const field of ['batch_size', 'seq_len'] as const)
    if (asked[field] !== used[field])
      fallbacks.push({ field, asked: asked[field], used: used[field], reason: 'The prompts that were given have this size.' });
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
    TOLERANCE[dtype],
  );
}

function stackRows(rows: readonly Float32Array[]): ArrayTensor {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => data.set(row, i * width));
  return { dtype: 'float32', shape: [rows.length, width], data };
}
