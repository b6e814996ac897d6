/** Which endpoints answer with tensors: what reads an answer from text makes typed arrays of them. */
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { tensorSchema } from './tensor.ts';

const known = new WeakMap<Endpoint, boolean>();

export function holdsTensors(endpoint: Endpoint): boolean {
  let holds = known.get(endpoint);
  if (holds === undefined) {
    const { output, event } = endpoint;
    holds = mentions(output, new Set()) || (event !== undefined && mentions(event, new Set()));
    known.set(endpoint, holds);
  }
  return holds;
}

function mentions(type: z.ZodType, seen: Set<z.ZodType>): boolean {
  if (type === tensorSchema || type._zod.parent === tensorSchema) return true;
  if (seen.has(type)) return false;
  seen.add(type);
  return partsOf(type).some((part) => mentions(part, seen));
}

function partsOf(type: z.ZodType): z.ZodType[] {
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault) return [type.unwrap() as z.ZodType];
  if (type instanceof z.ZodArray) return [type.element as z.ZodType];
  if (type instanceof z.ZodRecord) return [type.valueType as z.ZodType];
  if (type instanceof z.ZodUnion) return [...type.options] as z.ZodType[];
  if (type instanceof z.ZodObject) return Object.values(type.shape as Record<string, z.ZodType>);
  return [];
}
