/** A plan as something to measure: opened once for a size, served again and again. */
import type { PlanFields } from '../../contract/plan.ts';
import { type BenchmarkInput, skippedResult, type Subject } from './benchmark.ts';
import { blocksFor } from './plan-bench.ts';
import { tokensOf } from './plan.ts';
import { madeUpPrompts } from './plan-prompts.ts';
import { repeat } from './repeat.ts';
import { compareWithBuiltIn, type PlanSetting, preparePlan, workloadOfPrompts } from './run-plan.ts';
import { servePlan } from './serve-plan.ts';
import { timingOf } from './timing.ts';

const SIZES = ['batch_size', 'seq_len', 'decode_tokens'] as const;

export function planSubject(id: string, kept: PlanFields, input: BenchmarkInput, setting: PlanSetting): Subject {
  const subject = { kind: 'plan' as const, id };
  return {
    ...subject,
    async measure(sizes, options) {
      const unknown = Object.keys(sizes).filter((name) => !SIZES.some((known) => known === name));
      if (unknown.length > 0) return skippedResult(subject, sizes, `Plans have the sizes ${SIZES.join(', ')}; not ${unknown.join(', ')}.`);
      const plan: PlanFields = {
        ...kept,
        ...sizes,
        ...(input.execution_provider !== 'auto' && { execution_provider: input.execution_provider }),
        ...(input.compute_dtype !== 'auto' && { compute_dtype: input.compute_dtype }),
      };
      const { model, bench } = setting;
      const resolved = await preparePlan(plan, setting);
      const opened = await bench.open(resolved, model, blocksFor(resolved, plan.batch_size, tokensOf(plan)));
      const prompts = madeUpPrompts(plan, 0, opened.runner.shape.vocabSize);
      const workload = workloadOfPrompts(prompts, plan.decode_tokens);
      try {
        const { samples, cutShort } = await repeat(() => servePlan(opened, plan, workload, { signal: options.signal }), options);
        const agreement = input.check_reference ? await compareWithBuiltIn(samples[0]!, opened, model, prompts, bench) : null;
        const reasons = opened.plan.used.fallbacks.map(({ field, reason }) => `${field}: ${reason}`);
        const shown = Object.fromEntries(SIZES.flatMap((name) => (plan[name] >= 1 ? [[name, plan[name]]] : [])));
        return {
          ...skippedResult(subject, shown, [...reasons, cutShort].filter(Boolean).join(' ') || null),
          execution_provider: opened.plan.provider,
          compute_dtype: opened.plan.dtype,
          timing: timingOf(samples.map(({ durationMs }) => durationMs)),
          prefill_tokens_per_second: median(samples.map(({ prefillTokensPerSecond }) => prefillTokensPerSecond)),
          decode_tokens_per_second: median(samples.map(({ decodeTokensPerSecond }) => decodeTokensPerSecond)),
          agreement,
        };
      } finally {
        bench.rest();
      }
    },
  };
}

const median = (values: readonly (number | null)[]): number | null => timingOf(values.filter((value) => value !== null))?.median_ms ?? null;
