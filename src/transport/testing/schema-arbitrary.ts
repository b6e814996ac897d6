/** Values drawn from a JSON Schema: those that fit it, kept small, and those with one thing wrong. */
import fc from 'fast-check';

export interface JsonSchema {
  [keyword: string]: unknown;
}

type Components = Readonly<Record<string, JsonSchema>>;
type Drawn = fc.Arbitrary<unknown>;

/** Numbers and lists are kept small, so that nothing takes long; bounds are met, and sometimes touched. */
const SPAN = 6;

export function fitting(schema: JsonSchema, components: Components, depth = 0): Drawn {
  const within = (inner: JsonSchema) => fitting(inner, components, depth + 1);
  const { $ref, anyOf, oneOf, enum: values, type } = schema;
  if (typeof $ref === 'string') return within(components[$ref.split('/').at(-1)!]!);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(values)) return fc.constantFrom(...(values as unknown[]));
  const options = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (options && !schema['properties']) return fc.oneof(...options.map(within));
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return number(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return list(schema, within);
    case 'object':
      return object(schema, within, depth);
    default:
      return depth > 4 ? fc.constant(null) : fc.jsonValue({ maxDepth: 1 });
  }
}

function text({ minLength = 0, maxLength = Infinity, pattern }: JsonSchema): Drawn {
  const least = Number(minLength);
  // Lookarounds can't be drawn from, and hardly narrow.
  const isDrawn = typeof pattern === 'string' && !pattern.includes('(?');
  if (isDrawn) return fc.stringMatching(new RegExp(pattern)).filter((value) => value.length <= Number(maxLength));
  const matches = new RegExp(typeof pattern === 'string' ? pattern : '');
  const plain = fc.string({ minLength: least, maxLength: Math.min(Number(maxLength), least + SPAN), unit: 'grapheme' });
  return plain.filter((value) => matches.test(value));
}

function number(schema: JsonSchema): Drawn {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Record<string, number | undefined> & { type: string };
  const low = Math.max(minimum ?? -SPAN, exclusiveMinimum ?? -Infinity, -1e6);
  const high = Math.max(low, Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity, low + SPAN));
  const isInside = (value: number) => value !== exclusiveMinimum && value !== exclusiveMaximum;
  if (type === 'integer') return fc.integer({ min: Math.ceil(low), max: Math.floor(high) }).filter(isInside);
  return fc
    .double({ min: low, max: high, noNaN: true })
    .filter(isInside)
    .map((value) => value + 0);
}

function list({ items, prefixItems, minItems = 0, maxItems = Infinity }: JsonSchema, within: (inner: JsonSchema) => Drawn): Drawn {
  if (Array.isArray(prefixItems)) return fc.tuple(...(prefixItems as JsonSchema[]).map(within));
  const least = Number(minItems);
  return fc.array(within((items ?? {}) as JsonSchema), { minLength: least, maxLength: Math.min(Number(maxItems), least + 2) });
}

function object(schema: JsonSchema, within: (inner: JsonSchema) => Drawn, depth: number): Drawn {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (schema['required'] ?? []) as string[];
  // Deep down only what is needed.
  const names = Object.keys(properties).filter((name) => depth < 5 || required.includes(name));
  const own = fc.record(Object.fromEntries(names.map((name) => [name, within(properties[name]!)])), { requiredKeys: required as never[] });
  const rules = (schema['allOf'] ?? []) as JsonSchema[];
  const ruled =
    rules.length === 0
      ? own
      : fc.tuple(own, fc.nat()).map(([value, pick]) => rules.reduce((kept: object, rule) => keep(kept, rule, pick), value));
  const others = schema['additionalProperties'];
  if (names.length > 0 || typeof others !== 'object') return ruled;
  const keys = (schema['propertyNames'] ?? { type: 'string' }) as JsonSchema;
  return fc.dictionary(within(keys) as fc.Arbitrary<string>, within(others as JsonSchema), { maxKeys: 2 });
}

/** The value brought under a rule over its fields, by leaving fields out; what must be added is left to refusal. */
function keep(value: object, rule: JsonSchema, pick: number): object {
  const fields = ((rule['oneOf'] ?? []) as { required: string[] }[]).map(({ required }) => required[0]!);
  const given = fields.filter((field) => field in value);
  const chosen = given[pick % Math.max(1, given.length)];
  return Object.fromEntries(Object.entries(value).filter(([name]) => name === chosen || !given.includes(name)));
}

/** Something wrong in a value that fits: another type, a bound passed, a field too many or one missing, at any depth. */
export function misfitting(schema: JsonSchema, components: Components): Drawn {
  return fc
    .tuple(fitting(schema, components), fc.infiniteStream(fc.nat()), fc.constantFrom(...WRONG))
    .map(([value, picks, wrong]) => JSON.parse(JSON.stringify(spoil(value, picks, wrong) ?? null)) as unknown);
}

const WRONG: readonly unknown[] = [null, -1, 0.5, 1e300, '', 'x', true, [], [[]], {}, { unknown: 1 }, '💥'.repeat(70)];

function spoil(value: unknown, picks: Iterator<number>, wrong: unknown): unknown {
  const pick = (of: number) => picks.next().value! % of;
  if (Array.isArray(value) && value.length > 0 && pick(3) > 0) {
    const at = pick(value.length);
    return value.map((item, i) => (i === at ? spoil(item, picks, wrong) : (item as unknown)));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    const what = pick(6);
    if (what === 0) return { ...value, unknown_field: wrong };
    if (entries.length > 0) {
      const at = pick(entries.length);
      if (what === 1) return Object.fromEntries(entries.filter((_, i) => i !== at));
      return Object.fromEntries(entries.map(([name, item], i) => [name, i === at ? spoil(item, picks, wrong) : (item as unknown)]));
    }
  }
  return wrong;
}
