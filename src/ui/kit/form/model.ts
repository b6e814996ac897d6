/** Turns a JSON Schema into the few kinds of field that a form can draw, and knows for each what fits and what to begin with. */
import { type FormHints, IN_FORMS } from '../../../contract/in-forms.ts';
import { type JsonSchema, resolve } from '../json/json-schema.ts';

interface Common {
  title?: string;
  description?: string;
  /** Present where the schema has one, even when it is falsy. */
  default?: unknown;
  /** How the contract wants it to stand in a form. */
  hints?: FormHints;
}

export type Field = Common &
  (
    | { kind: 'string'; minLength?: number; maxLength?: number; pattern?: string; base64: boolean }
    | { kind: 'number'; integer: boolean; minimum?: number; maximum?: number; exclusiveMinimum?: number; exclusiveMaximum?: number }
    | { kind: 'boolean' }
    | { kind: 'enum'; options: readonly unknown[] }
    | { kind: 'const'; value: unknown }
    | { kind: 'array'; item: Field; minItems?: number; maxItems?: number }
    | { kind: 'object'; properties: readonly Property[] }
    | { kind: 'union'; variants: readonly Variant[] }
    | { kind: 'json' }
  );

export interface Property {
  name: string;
  field: Field;
  required: boolean;
}

interface Variant {
  title: string;
  field: Field;
}

export type FieldOf<K extends Field['kind']> = Extract<Field, { kind: K }>;

/** @param open the references that this schema stands in: what holds itself has no end, and is edited as JSON from there on */
export function formModel(schema: JsonSchema, root: JsonSchema = schema, open: readonly string[] = []): Field {
  const resolved = resolve(schema, root);
  const isRecursive = schema.$ref !== undefined && open.includes(schema.$ref);
  const within = schema.$ref === undefined ? open : [...open, schema.$ref];
  const hints = resolved[IN_FORMS];
  const common = { ...pick(resolved, ['title', 'description', 'default']), ...(hints && { hints }) };
  if (isRecursive) return { ...common, kind: 'json' };
  if ('const' in resolved) return { ...common, kind: 'const', value: resolved.const };
  if (resolved.enum) return { ...common, kind: 'enum', options: resolved.enum };
  const variants = resolved.anyOf ?? resolved.oneOf;
  if (variants) return union(variants, root, within, common);
  if (Array.isArray(resolved.type))
    return union(
      resolved.type.map((type) => ({ ...resolved, type })),
      root,
      within,
      common,
    );
  switch (resolved.type) {
    case 'string':
      return {
        ...common,
        kind: 'string',
        base64: resolved.contentEncoding === 'base64',
        ...pick(resolved, ['minLength', 'maxLength', 'pattern']),
      };
    case 'number':
    case 'integer':
      return { ...common, kind: 'number', integer: resolved.type === 'integer', ...bounds(resolved) };
    case 'boolean':
      return { ...common, kind: 'boolean' };
    case 'null':
      return { ...common, kind: 'const', value: null };
    case 'array':
      return { ...common, kind: 'array', ...members(resolved, root, within) };
    case 'object':
      return resolved.properties ? object(resolved, root, within, common) : { ...common, kind: 'json' };
    default:
      return { ...common, kind: 'json' };
  }
}

/** A tuple is drawn as a list of its first type with its own length. */
function members(schema: JsonSchema, root: JsonSchema, open: readonly string[]) {
  const { items, prefixItems } = schema;
  const first = prefixItems?.[0] ?? (typeof items === 'object' ? items : {});
  const length = prefixItems && { minItems: prefixItems.length, maxItems: prefixItems.length };
  return { item: formModel(first, root, open), ...(length ?? pick(schema, ['minItems', 'maxItems'])) };
}

function object(schema: JsonSchema, root: JsonSchema, open: readonly string[], common: Common): Field {
  const required = new Set(schema.required);
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    field: formModel(property, root, open),
    required: required.has(name),
  }));
  return { ...common, kind: 'object', properties };
}

function union(schemas: readonly JsonSchema[], root: JsonSchema, open: readonly string[], common: Common): Field {
  const variants = schemas.map((schema) => {
    const field = formModel(schema, root, open);
    return { title: variantTitle(field), field };
  });
  const only = variants.length === 1 ? variants[0] : undefined;
  return only ? { ...only.field, ...common } : { ...common, kind: 'union', variants };
}

/** The title given, the constant that tells it apart, or the type as TypeScript would write it. */
function variantTitle(field: Field): string {
  if (field.title !== undefined) return field.title;
  if (field.kind === 'object') {
    const tag = field.properties.find((property) => property.field.kind === 'const');
    if (tag?.field.kind === 'const') return String(tag.field.value);
  }
  return typeName(field);
}

/** `string`, `integer[]`, `integer[][]`, `"a" | "b"`. */
export function typeName(field: Field): string {
  switch (field.kind) {
    case 'number':
      return field.integer ? 'integer' : 'number';
    case 'array':
      return field.item.kind === 'union' ? `(${typeName(field.item)})[]` : `${typeName(field.item)}[]`;
    case 'const':
      return JSON.stringify(field.value);
    case 'union':
      return field.variants.map((variant) => typeName(variant.field)).join(' | ');
    case 'json':
      return 'any';
    default:
      return field.kind;
  }
}

/** zod gives integers the bounds of exact doubles; those say nothing to a reader. */
function bounds(schema: JsonSchema) {
  const kept = pick(schema, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']);
  if (kept.minimum !== undefined && kept.minimum <= Number.MIN_SAFE_INTEGER) delete kept.minimum;
  if (kept.maximum !== undefined && kept.maximum >= Number.MAX_SAFE_INTEGER) delete kept.maximum;
  return kept;
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): { [P in K]?: Exclude<T[P], undefined> } {
  const kept: { [P in K]?: Exclude<T[P], undefined> } = {};
  for (const key of keys) if (from[key] !== undefined) kept[key] = from[key] as Exclude<T[K], undefined>;
  return kept;
}

/** Whether a value has the shape of a field; used to find the active variant, so it looks no deeper than it must. */
export function fits(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'enum':
      return field.options.includes(value);
    case 'const':
      return field.value === value;
    case 'array':
      return Array.isArray(value) && value.slice(0, 4).every((item) => fits(field.item, item));
    case 'object':
      return (
        isRecord(value) &&
        field.properties.every(({ name, field: property, required }) =>
          property.kind === 'const' ? fits(property, value[name]) : !required || name in value,
        )
      );
    case 'union':
      return field.variants.some((variant) => fits(variant.field, value));
    case 'json':
      return value !== undefined;
  }
}

/** The variant that a value belongs to: one that fits, else one whose tag or type is right, else the first. */
export function variantOf(field: FieldOf<'union'>, value: unknown): number {
  const whole = field.variants.findIndex((variant) => fits(variant.field, value));
  if (whole >= 0) return whole;
  const near = field.variants.findIndex(({ field: variant }) => {
    if (variant.kind === 'array') return Array.isArray(value);
    if (variant.kind !== 'object' || !isRecord(value)) return false;
    const tags = variant.properties.filter((property) => property.field.kind === 'const');
    return tags.length > 0 && tags.every((tag) => fits(tag.field, value[tag.name]));
  });
  return Math.max(0, near);
}

/** The value that a field begins with when it is added: its default, else the least that the schema allows. */
export function blank(field: Field): unknown {
  if (field.default !== undefined) return field.default;
  switch (field.kind) {
    case 'string':
      return '';
    case 'number':
      return field.minimum ?? (field.exclusiveMinimum !== undefined ? field.exclusiveMinimum + 1 : 0);
    case 'boolean':
      return false;
    case 'enum':
      return field.options[0];
    case 'const':
      return field.value;
    case 'array':
      return Array.from({ length: field.minItems ?? 0 }, () => blank(field.item));
    case 'object':
      return Object.fromEntries(
        field.properties.filter(({ required }) => required).map(({ name, field: property }) => [name, blank(property)]),
      );
    case 'union':
      return field.variants[0] ? blank(field.variants[0].field) : null;
    case 'json':
      return {};
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
