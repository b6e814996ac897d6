/** The fields of a plan as things to vary: what each may be, and what a list of its values reads like. */
import { contract, faultOf, numberWithin } from '../../../contract/index.ts';
import { PLAN_FIELDS } from '../../../contract/plan.ts';
import { type Field, formModel } from '../../kit/form/model.ts';
import { jsonSchemaOf } from '../../kit/json/json-schema.ts';
import { parseNumbers } from '../../kit/entry/number-text.ts';
import type { GridValue } from './experiment.ts';

export type PlanField = (typeof PLAN_FIELDS)[number];
export { PLAN_FIELDS };

const model = formModel(jsonSchemaOf(contract.computation.endpoints.createPlan.input, 'input'));
const fields = new Map((model.kind === 'object' ? model.properties : []).map(({ name, field }) => [name, field]));

/**
 * @param kernels that the field `kernel` may name: the contract takes any, since kernels come and go
 */
export function planField(name: PlanField, kernels: readonly string[] = []): Field {
  const field = fields.get(name)!;
  if (name !== 'kernel' || kernels.length === 0) return field;
  return { kind: 'enum', options: kernels, description: field.description ?? '', default: field.default };
}

export const defaultOf = (name: PlanField): GridValue => planField(name).default as GridValue;

/** Values to choose among; `null`: they are written. */
export function optionsOf(field: Field): readonly GridValue[] | null {
  if (field.kind === 'enum') return field.options as GridValue[];
  return field.kind === 'boolean' ? [false, true] : null;
}

export type Written = { values: GridValue[] } | { fault: string };

export const faultIn = (read: Written): string | null => ('fault' in read ? read.fault : null);

/** Without one, the field has nothing to vary over. */
export const NO_VALUES = 'must have at least one value, or be removed.';
export const gridPath = (field: PlanField): string => `/grid/${field}`;

/** A written list: numbers with commas or spaces between them, names likewise, anything else as a JSON array. */
export function readValues(field: Field, text: string): Written {
  if (field.kind === 'number') {
    const numbers = parseNumbers(text);
    if (!numbers) return { fault: `must be numbers with commas or spaces between them; it is ${JSON.stringify(text.trim())}.` };
    const { integer: whole, minimum, maximum, exclusiveMinimum: above } = field;
    const type = numberWithin({ whole, minimum, maximum, above });
    const fault = numbers.map((number) => faultOf(type, number)).find((each) => each !== null);
    return fault === undefined ? listed([...new Set(numbers)]) : { fault };
  }
  if (field.kind === 'string') return listed([...new Set(text.split(/[\s,]+/).filter(Boolean))]);
  if (text.trim() === '') return listed([]);
  try {
    const values: unknown = JSON.parse(text);
    if (Array.isArray(values)) return listed(values as GridValue[]);
  } catch {
    // Said below.
  }
  return { fault: 'must be a JSON list of values, such as [{}].' };
}

const listed = (values: GridValue[]): Written => (values.length === 0 ? { fault: NO_VALUES } : { values });

export function writeValues(field: Field, values: readonly GridValue[]): string {
  return field.kind === 'number' || field.kind === 'string' ? values.join(', ') : values.length === 0 ? '' : JSON.stringify(values);
}
