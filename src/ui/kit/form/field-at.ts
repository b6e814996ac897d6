/** What the contract says of one field: found by the JSON Pointer under which a form sends it. */
import type { z } from 'zod';
import { type JsonSchema, jsonSchemaOf, resolve } from '../json/json-schema.ts';
import { type Field, formModel } from './model.ts';

/** @throws Error for a place that the input does not have: a form of a field that is none */
export function fieldAt(type: z.ZodType, pointer: string): Field {
  const root = jsonSchemaOf(type, 'input');
  const found = walk(root, root, pointer.split('/').slice(1));
  if (!found) throw new Error(`The input has no ${pointer}.`);
  return formModel(found, root);
}

/** Of the variants of a union, the first that has the place: those that share a name mean the same by it. */
function walk(schema: JsonSchema, root: JsonSchema, [name, ...rest]: readonly string[]): JsonSchema | null {
  const own = resolve(schema, root);
  if (name === undefined) return own;
  const variants = own.anyOf ?? own.oneOf;
  if (variants) {
    for (const variant of variants) {
      const found = walk(variant, root, [name, ...rest]);
      if (found) return found;
    }
    return null;
  }
  const { properties, additionalProperties, items } = own;
  const inside = properties?.[name] ?? [additionalProperties, items].find((each) => typeof each === 'object');
  return inside ? walk(inside as JsonSchema, root, rest) : null;
}
