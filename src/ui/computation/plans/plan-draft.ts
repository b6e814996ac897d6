/** A plan as it is being written: the fields of the contract, those left out standing for their defaults. */
import { contract, type Input } from '../../../contract/index.ts';
import { PLAN_FIELDS, wholePlan } from '../../../contract/plan.ts';
import { type Field, formModel, type Property } from '../../kit/form/model.ts';
import { jsonSchemaOf } from '../../kit/json/json-schema.ts';
import type { ExecutionInput } from '../executions.ts';
import type { Plan } from '../queries.ts';

const { input: INPUT } = contract.computation.endpoints.createPlan;

/** What the form writes; it need not be valid yet. */
export type PlanDraft = Readonly<Partial<Input<'computation', 'createPlan'>>>;
export type NewPlan = Input<'computation', 'createPlan'>;

/** Of a plan that was never kept. No id of a plan has a plus. */
export const NEW = '+new';

const WRITTEN = ['name', 'description', ...PLAN_FIELDS, 'example_input', 'example_output'] as const;

export function draftOf(plan: Plan): PlanDraft {
  return Object.fromEntries(WRITTEN.flatMap((name) => (plan[name] === null ? [] : [[name, plan[name]]]))) as PlanDraft;
}

/** With every field: what is left out is its default. */
export const whole = (draft: PlanDraft): NewPlan => ({ name: '', description: '', ...draft, ...wholePlan(draft) });

/** Whether it says anything else than the plan that is kept. */
export const isChanged = (draft: PlanDraft, plan: Plan): boolean => canonical(whole(draft)) !== canonical(whole(draftOf(plan)));

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Other prompts give another output: what was expected of the old ones is dropped. */
export function edited(before: PlanDraft, after: PlanDraft): PlanDraft {
  if (after.example_input === before.example_input || after.example_output !== before.example_output) return after;
  const { example_output: _dropped, ...rest } = after;
  return rest;
}

/** A copy to be kept under another id. */
export function copyOf(draft: PlanDraft, name = draft.name ?? ''): PlanDraft {
  const { id: _id, ...rest } = draft;
  return { ...rest, name: `${name} copy`.trim() };
}

/** Runs the plan that is kept, or what stands in the form where that is another. */
export function executionOf(draft: PlanDraft, kept: Plan | null, seed: number, checkReference: boolean): ExecutionInput {
  const common = { seed, check_reference: checkReference };
  if (kept && !isChanged(draft, kept)) return { plan_id: kept.id, ...common };
  const all = whole(draft);
  const plan = Object.fromEntries(PLAN_FIELDS.map((field) => [field, all[field]])) as NonNullable<ExecutionInput['plan']>;
  const { example_input, example_output } = draft;
  return { plan, ...(example_input && { example_input, ...(example_output && { example_output }) }), ...common };
}

export interface FieldGroup {
  title: string;
  field: Field;
}

/**
 * The parts of the form, as the contract has them.
 * @param kernels that `kernel` may name
 * @param isNew whether it may still be given an id
 */
export function fieldGroups(kernels: readonly string[], isNew: boolean): FieldGroup[] {
  const model = formModel(jsonSchemaOf(INPUT, 'input'));
  const properties = (model.kind === 'object' ? model.properties : []).filter(({ name }) => isNew || name !== 'id');
  return [...new Set(properties.flatMap(({ field }) => field.hints?.group ?? []))].map((title) => {
    const own = properties.filter(({ field }) => field.hints?.group === title);
    return { title, field: { kind: 'object' as const, properties: own.map((each) => withKernels(each, kernels)) } };
  });
}

/** What a group shows of a draft; the fields of the other groups are unknown to its form. */
export function partOf(draft: PlanDraft, { field }: FieldGroup): PlanDraft {
  return Object.fromEntries(Object.entries(draft).filter(([name]) => namesOf(field).includes(name)));
}

/** The draft with a group's part as it is now. */
export function withPart(draft: PlanDraft, { field }: FieldGroup, part: PlanDraft): PlanDraft {
  const others = Object.entries(draft).filter(([name]) => !namesOf(field).includes(name));
  return { ...Object.fromEntries(others), ...part };
}

const namesOf = (field: Field): string[] => (field.kind === 'object' ? field.properties.map(({ name }) => name) : []);

/** The contract takes any name, since kernels come and go; the form offers those there are. */
function withKernels(property: Property, kernels: readonly string[]): Property {
  if (property.name !== 'kernel' || kernels.length === 0) return property;
  const { description, default: byDefault } = property.field;
  return {
    ...property,
    field: { kind: 'enum', options: kernels, ...(description !== undefined && { description }), default: byDefault },
  };
}
