/** Rules over several fields of one object, once: checked with the schema, and written into the documents that are made from it. */
import { z } from 'zod';
import type { ErrorItem } from './errors.ts';
import { invalidInput, pointerOf } from './invalid-input.ts';

type Rule = { kind: 'exactly_one' | 'at_most_one' | 'at_least_one' | 'at_least_one_item'; fields: readonly string[] } | Needs;
/** Where `field` is given (as `is`, if that is said), `needs` must be given too. */
interface Needs {
  kind: 'needs';
  field: string;
  is?: string;
  needs: string;
}

export const exactlyOne = (...fields: string[]): Rule => ({ kind: 'exactly_one', fields });
export const atMostOne = (...fields: string[]): Rule => ({ kind: 'at_most_one', fields });
export const atLeastOne = (...fields: string[]): Rule => ({ kind: 'at_least_one', fields });
/** Of lists: one of them has an item. */
export const atLeastOneItem = (...fields: string[]): Rule => ({ kind: 'at_least_one_item', fields });
export const needs = (field: string, needed: string): Rule => ({ kind: 'needs', field, needs: needed });
export const needsWhen = (field: string, is: string, needed: string): Rule => ({ kind: 'needs', field, is, needs: needed });

const ruled = new WeakMap<z.core.$ZodType, readonly Rule[]>();

/** The object type under rules. Its JSON Schema says them under `allOf`. */
export function withRules<T extends z.ZodObject>(object: T, ...rules: Rule[]): T {
  const check = z.check<z.output<T>>((payload) => {
    const value: unknown = payload.value;
    if (typeof value !== 'object' || value === null) return;
    for (const rule of rules) {
      const fault = faultOf(rule, value as Record<string, unknown>);
      if (fault) payload.issues.push({ code: 'custom', input: value, continue: true, ...fault });
    }
  });
  // Beside the faults of single fields, not only where there are none.
  check._zod.def.when = () => true;
  const type = object.check(check).meta({ allOf: rules.flatMap(schemasOf) });
  ruled.set(type, rules);
  return type;
}

/**
 * For services, whose trusted callers nobody validates.
 * @param type what `withRules` gave, and where its value stands in the input
 * @throws ApiError validation_failed
 */
export function assertRules(type: z.ZodObject, value: object, path: readonly PropertyKey[] = []): void {
  const faults = rulesOf(type).flatMap((rule): ErrorItem[] => {
    const fault = faultOf(rule, value as Readonly<Record<string, unknown>>);
    return fault ? [{ path: pointerOf([...path, ...fault.path]), message: `${fault.message}.` }] : [];
  });
  if (faults.length > 0) throw invalidInput(faults);
}

/** `.meta` after `withRules` makes a child of the type. */
function rulesOf(type: z.core.$ZodType): readonly Rule[] {
  return ruled.get(type) ?? (type._zod.parent ? rulesOf(type._zod.parent) : []);
}

interface Fault {
  path: string[];
  message: string;
}

function faultOf(rule: Rule, value: Readonly<Record<string, unknown>>): Fault | null {
  if (rule.kind === 'needs') {
    const { field, is, needs: needed } = rule;
    if (value[field] === undefined || (is !== undefined && value[field] !== is) || value[needed] !== undefined) return null;
    return { path: [needed], message: `is required where ${field} is ${is === undefined ? 'given' : `"${is}"`}` };
  }
  const { kind, fields } = rule;
  if (kind === 'at_least_one_item') {
    if (fields.some((field) => Array.isArray(value[field]) && value[field].length > 0)) return null;
    return { path: [fields[0]!], message: `must have at least one item, or else ${listed(fields.slice(1), 'or')} must` };
  }
  const given = fields.filter((field) => value[field] !== undefined);
  if (given.length > 1 && kind !== 'at_least_one') {
    const taken = kind === 'exactly_one' ? 'exactly one' : 'at most one';
    return {
      path: [given.at(-1)!],
      message: `can't be given together with ${listed(given.slice(0, -1), 'and')}: ${taken} of ${listed(fields, 'and')} is taken`,
    };
  }
  if (given.length >= 1 || kind === 'at_most_one') return null;
  return { path: [fields[0]!], message: `is required, or else ${listed(fields.slice(1), 'or')}` };
}

function schemasOf(rule: Rule): object[] {
  if (rule.kind === 'needs') {
    const { field, is, needs: needed } = rule;
    if (is === undefined) return [{ dependentRequired: { [field]: [needed] } }];
    return [{ anyOf: [{ not: { properties: { [field]: { const: is } }, required: [field] } }, { required: [needed] }] }];
  }
  const { kind, fields } = rule;
  if (kind === 'exactly_one') return [{ oneOf: fields.map((field) => ({ required: [field] })) }];
  if (kind === 'at_least_one') return [{ anyOf: fields.map((field) => ({ required: [field] })) }];
  if (kind === 'at_least_one_item')
    return [{ anyOf: fields.map((field) => ({ required: [field], properties: { [field]: { minItems: 1 } } })) }];
  return fields.flatMap((field, i) => fields.slice(i + 1).map((other) => ({ not: { required: [field, other] } })));
}

function listed(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
