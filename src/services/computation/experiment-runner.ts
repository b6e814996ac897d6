/** Makes the runs of an experiment, one after the other: each plan is built, warmed up, served, and scored. */
import { ApiError } from '../../contract/index.ts';
import type { ModelRunner } from '../../engine/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { Workload } from '../../engine/workload/workload.ts';
import { fromEngine } from '../engine-errors.ts';
import { workloadOf } from '../scheduler/workload.ts';
import { inTokenizer } from '../tokenizer-errors.ts';
import type { ExperimentInput, ExperimentRun, RunMetrics } from './experiment.ts';
import type { PlanFields } from '../../contract/plan.ts';
import { tokensOf } from './plan.ts';
import { madeUpPrompts } from './plan-prompts.ts';
import { blocksFor, blocksForWorkload, type OpenedPlan } from './plan-bench.ts';
import { type PlanSetting, preparePlan, workloadOfPrompts } from './run-plan.ts';
import { scoreText, type TextScore } from './score-text.ts';
import { type Served, servePlan } from './serve-plan.ts';

export interface RunSetting extends PlanSetting {
  input: ExperimentInput;
  tokenizer: Tokenizer;
}

const NO_SCORE: TextScore = { bits_per_byte: null, top_1_agreement: null, max_abs_logit_difference: null };

/**
 * Fills in a run. It ends as done, failed with its reason, or cancelled; it never throws.
 * @param warmup runs before it that are not recorded
 */
export async function makeRun(
  run: ExperimentRun,
  plan: PlanFields,
  setting: RunSetting,
  warmup: number,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    abort();
  }, setting.input.max_run_ms);
  const start = performance.now();
  run.state = 'running';
  run.started_at = new Date().toISOString();
  try {
    await measure(run, plan, setting, warmup, stop.signal);
    run.state = 'done';
  } catch (error) {
    run.state = signal.aborted ? 'cancelled' : 'failed';
    run.error = isLate
      ? `It took longer than max_run_ms = ${setting.input.max_run_ms}.`
      : signal.aborted
        ? 'Cancelled.'
        : fromEngine(error).message;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    run.duration_ms = performance.now() - start;
    setting.bench.rest();
  }
}

async function measure(run: ExperimentRun, plan: PlanFields, setting: RunSetting, warmup: number, signal: AbortSignal): Promise<void> {
  const { input, model, bench } = setting;
  const resolved = await preparePlan(plan, setting);
  const opened = await bench.open(
    resolved,
    model,
    input.workload ? blocksForWorkload(resolved) : blocksFor(resolved, plan.batch_size, tokensOf(plan)),
  );
  run.used = opened.plan.used;
  const workload = workloadFor(plan, opened, setting);
  const serve = async (): Promise<Served> => {
    const served = await servePlan(opened, plan, workload, { objectives: input.slo, signal });
    if (signal.aborted) throw new ApiError('cancelled', 'The run was ended.');
    return served;
  };
  for (let i = 0; i < warmup; i++) await serve();
  const served = await serve();
  run.metrics = {
    serving: served.metrics,
    prefill_tokens_per_second: served.prefillTokensPerSecond,
    decode_tokens_per_second: served.decodeTokensPerSecond,
    build_ms: opened.buildMs,
    peak_kv_bytes: served.peakKvBytes,
    wasted_kv_bytes: served.wastedKvBytes,
    ...(await scoreOf(opened, setting, signal)),
  } satisfies RunMetrics;
}

function workloadFor(plan: PlanFields, { runner }: OpenedPlan, { input, tokenizer }: RunSetting): Workload {
  const { vocabSize, maxPositionEmbeddings: contextTokens } = runner.shape;
  if (!input.workload) return workloadOfPrompts(madeUpPrompts(plan, input.seed, vocabSize), plan.decode_tokens);
  return workloadOf(input.workload, { seed: input.seed, contextTokens, encode: (text) => inTokenizer(() => tokenizer.encode(text).ids) });
}

/** Compared with the active model where that is the built-in code on the same provider and dtype, else with it in the plan's own runner. */
async function scoreOf(opened: OpenedPlan, { input, model, bench, tokenizer }: RunSetting, signal: AbortSignal): Promise<TextScore> {
  const { text } = input;
  if (!text) return NO_SCORE;
  const { provider, dtype } = opened.plan;
  const isActive = model.engine.codeRevision === '' && model.provider === provider && model.computeDtype === dtype;
  const { ids } = inTokenizer(() => tokenizer.encode(text, { addSpecialTokens: true }));
  const withCode = async (set: Promise<void>): Promise<ModelRunner> => {
    await set;
    return opened.runner;
  };
  const runners = {
    plan: () => withCode(bench.setPlanCode(opened)),
    builtIn: isActive ? async () => model.runner : () => withCode(bench.setBuiltInCode(opened)),
  };
  return scoreText(ids, new TextEncoder().encode(input.text).length, runners, signal);
}
