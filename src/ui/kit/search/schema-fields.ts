/** Every name in a schema, however deep: its fields by their path, what their values may be called, and what others call them. */
import { ALSO_CALLED } from '../../../contract/index.ts';
import { type JsonSchema, resolve } from '../json/json-schema.ts';

export interface SchemaField {
  /** `workload.phases.rate`; what lies in a list is told from what lies beside it by its path alone. */
  path: string;
  /** A JSON Pointer; what lies below a list or a map has that of the list. */
  pointer: string;
  description: string;
  otherNames: readonly string[];
  /** Named values: of an enumeration, of what tells variants apart. */
  values: readonly string[];
}

/** Variants of one field count as one. */
export function fieldsIn(root: JsonSchema): SchemaField[] {
  const found = new Map<string, SchemaField>();
  const add = (field: SchemaField) => {
    const before = found.get(field.path);
    const both = (key: 'otherNames' | 'values') => [...new Set([...(before?.[key] ?? []), ...field[key]])];
    found.set(field.path, { ...field, ...before, values: both('values'), otherNames: both('otherNames') });
  };

  /** @param inside what is being looked into: a type that holds itself is looked into once */
  const walk = (given: JsonSchema, path: readonly string[], pointer: string, isExact: boolean, inside: readonly unknown[]): void => {
    const schema = resolve(given, root);
    const { properties, items, additionalProperties } = schema;
    for (const variant of variantsOf(schema)) walk(variant, path, pointer, isExact, inside);
    if (typeof items === 'object') walk(items, path, pointer, false, inside);
    if (typeof additionalProperties === 'object') walk(additionalProperties, path, pointer, false, inside);
    if (!properties || inside.includes(properties)) return;
    for (const [name, field] of Object.entries(properties)) {
      const own = { path: [...path, name], pointer: isExact ? `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : pointer };
      add({ path: own.path.join('.'), pointer: own.pointer, ...saidOf(field, root) });
      walk(field, own.path, own.pointer, isExact, [...inside, properties]);
    }
  };
  walk(root, [], '', true, []);
  return [...found.values()];
}

const variantsOf = ({ anyOf = [], oneOf = [] }: JsonSchema): readonly JsonSchema[] => [...anyOf, ...oneOf];

function saidOf(given: JsonSchema, root: JsonSchema): Pick<SchemaField, 'description' | 'otherNames' | 'values'> {
  const schema = resolve(given, root);
  return {
    description: schema.description ?? '',
    otherNames: schema[ALSO_CALLED] ?? [],
    values: [...new Set(valuesOf(schema, root))],
  };
}

/** Also those of a list's items and of a map's keys. */
function valuesOf(given: JsonSchema, root: JsonSchema): string[] {
  const schema = resolve(given, root);
  const own = [...(schema.enum ?? []), ...('const' in schema ? [schema.const] : [])].filter((value) => typeof value === 'string');
  const below = [
    ...variantsOf(schema),
    ...(typeof schema.items === 'object' ? [schema.items] : []),
    ...(schema.propertyNames ? [schema.propertyNames] : []),
  ];
  return [...own, ...below.flatMap((each) => valuesOf(each, root))];
}
