/** Execution plans as values: their fields, defaults, and where they stop being runnable. */
import { contract, inputDefaults, type Output } from '../../contract/index.ts';
import { PLAN_FIELDS } from '../../contract/plan.ts';

export type ExecutionPlan = Output<'computation', 'plan'>;
export type PlanField = (typeof PLAN_FIELDS)[number];
/** Every field that decides how a batch is computed. */
export type PlanFields = Pick<ExecutionPlan, PlanField>;

export type PlanUsed = NonNullable<Output<'computation', 'execute'>['used']>;

/** What a plan is when a field is left out, as the contract says. */
export const PLAN_DEFAULTS: PlanFields = fieldsOf(inputDefaults(contract.computation.endpoints.createPlan.input) as PlanFields);

export function fieldsOf(plan: PlanFields): PlanFields {
  return Object.fromEntries(PLAN_FIELDS.map((field) => [field, plan[field]])) as PlanFields;
}

/** The given fields over those of a plan, or over the defaults. */
export function withFields(
  changes: { readonly [F in PlanField]?: PlanFields[F] | undefined },
  plan: PlanFields = PLAN_DEFAULTS,
): PlanFields {
  const given = Object.fromEntries(
    Object.entries(changes).filter(([field, value]) => value !== undefined && PLAN_FIELDS.includes(field as PlanField)),
  );
  return { ...fieldsOf(plan), ...given };
}
