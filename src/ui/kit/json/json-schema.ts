/** The JSON Schema of an endpoint's input or output, which forms, the editor and the docs are made from. */
import { z } from 'zod';
import { type FormHints, IN_FORMS } from '../../../contract/in-forms.ts';
import { ALSO_CALLED } from '../../../contract/index.ts';

/** The part of JSON Schema 2020-12 that contracts use. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  contentEncoding?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  [ALSO_CALLED]?: string[];
  [IN_FORMS]?: FormHints;
}

const cache = new WeakMap<z.ZodType, Map<string, JsonSchema>>();

export function jsonSchemaOf(type: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const known = cache.get(type) ?? new Map<string, JsonSchema>();
  cache.set(type, known);
  let schema = known.get(io);
  if (!schema) {
    schema = z.toJSONSchema(type, { io, unrepresentable: 'any', override: applyMetaOverride }) as JsonSchema;
    known.set(io, schema);
  }
  return schema;
}

/** `.meta({ override })` says what a type without a JSON Schema (a Blob, a typed array) looks like on the wire. */
function applyMetaOverride({ jsonSchema }: { jsonSchema: object }): void {
  const { override, ...rest } = jsonSchema as { override?: object };
  if (typeof override !== 'object' || override === null) return;
  for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key];
  Object.assign(jsonSchema, 'description' in rest ? { description: rest.description } : {}, override);
}

/** What a `$ref` stands for. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const match = schema.$ref?.match(/^#\/(?:\$defs|definitions)\/(.+)$/);
  const target = match?.[1] !== undefined ? root.$defs?.[match[1]] : undefined;
  if (!target) return schema;
  const { $ref: _, ...own } = schema;
  return { ...resolve(target, root), ...own };
}
