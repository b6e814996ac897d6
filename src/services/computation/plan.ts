/** Execution plans as values. */
import type { Output } from '../../contract/index.ts';
import { PLAN_FIELDS, type PlanFields } from '../../contract/plan.ts';

export type ExecutionPlan = Output<'computation', 'plan'>;

export type PlanUsed = NonNullable<Output<'computation', 'execute'>['used']>;

/** Those fields of a plan that decide how a batch is computed. */
export const fieldsOf = (plan: PlanFields): PlanFields =>
  Object.fromEntries(PLAN_FIELDS.map((field) => [field, plan[field]])) as unknown as PlanFields;

/** Tokens of each prompt; at least one, where the plan could run. */
export const promptLength = ({ seq_len, decode_tokens }: PlanFields): number => seq_len - decode_tokens;

/** Of a sequence at its end. One token is sampled in any case: that is what shows the logits after the prompt. */
export const tokensOf = (plan: PlanFields): number => promptLength(plan) + Math.max(1, plan.decode_tokens);
