/** The fields of a plan as things to vary: what each may be, and what a list of its values reads like. */
import { contract } from '../../../contract/index.ts';
import { PLAN_FIELDS } from '../../../contract/plan.ts';
import { boundsText, isWithin } from '../../explorer/form/bounds.ts';
import { type Field, formModel } from '../../explorer/form/model.ts';
import { jsonSchemaOf } from '../../kit/json-schema.ts';
import { parseNumbers } from '../../kit/number-text.ts';
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

export type Written = { values: GridValue[] } | { complaint: string };

/** A written list: numbers with commas or spaces between them, names likewise, anything else as a JSON array. */
export function readValues(field: Field, text: string): Written {
  if (field.kind === 'number') {
    const numbers = parseNumbers(text);
    if (!numbers) return { complaint: 'Numbers, with commas or spaces between them.' };
    const outside = numbers.find((number) => !isWithin(field, number));
    if (outside === undefined) return { values: [...new Set(numbers)] };
    return {
      complaint: `${field.integer ? 'Whole numbers' : 'Numbers'} of ${boundsText(field)}; one is ${String(outside).replace('-', '−')}.`,
    };
  }
  if (field.kind === 'string') return { values: [...new Set(text.split(/[\s,]+/).filter(Boolean))] };
  if (text.trim() === '') return { values: [] };
  try {
    const values: unknown = JSON.parse(text);
    if (Array.isArray(values)) return { values: values as GridValue[] };
  } catch {
    // Said below.
  }
  return { complaint: 'A JSON array of values, such as [{}].' };
}

export function writeValues(field: Field, values: readonly GridValue[]): string {
  return field.kind === 'number' || field.kind === 'string' ? values.join(', ') : values.length === 0 ? '' : JSON.stringify(values);
}
