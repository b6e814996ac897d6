/** The contract as plain TypeScript for the script editor: made from the schemas, so that what it completes is what the endpoints take. */
import type { Endpoint, ServiceDefinition } from '../../../contract/index.ts';
import { type JsonSchema, jsonSchemaOf } from '../json/json-schema.ts';

/** What stands for a type that JSON Schema cannot tell: inside the worker a tensor's data is a typed array. */
const TENSOR_DATA = "import('./tensor.ts').TensorData | number[] | string";

/** The source of a module that exports a service as its contract file does, with types only. */
export function declareService({ name, title, description, endpoints }: ServiceDefinition): string {
  const types = new NamedTypes();
  const operations = Object.entries(endpoints).map(
    ([operation, endpoint]) => `${comment(endpoint.summary, endpoint.description)}    ${operation}: ${declareEndpoint(endpoint, types)};`,
  );
  return [
    "import type { z } from 'zod';",
    ...types.declarations(),
    `${comment(description)}export declare const ${name}: {`,
    `  name: ${JSON.stringify(name)};`,
    `  title: ${JSON.stringify(title)};`,
    '  description: string;',
    '  endpoints: {',
    ...operations,
    '  };',
    '};',
    '',
  ].join('\n');
}

function declareEndpoint({ method, path, input, output, event }: Endpoint, types: NamedTypes): string {
  const taken = types.write(jsonSchemaOf(input, 'input'), 'input');
  const given = types.write(jsonSchemaOf(output, 'output'), 'output');
  const events = event ? ` event: z.ZodType<${types.write(jsonSchemaOf(event, 'output'), 'output')}>;` : '';
  return `{ method: '${method}'; path: ${JSON.stringify(path)}; input: z.ZodObject<${taken}>; output: z.ZodType<${given}>;${events} }`;
}

/** Schemas with an id become types of that name; one that is taken and given differently has two. */
class NamedTypes {
  readonly #texts = new Map<string, string>();

  declarations(): string[] {
    return Array.from(this.#texts, ([name, text]) => `type ${name} = ${text};`);
  }

  /** The type of a schema, as text. */
  write(schema: JsonSchema, io: 'input' | 'output'): string {
    const suffix = io === 'input' ? 'Input' : '';
    for (const [id, definition] of Object.entries(schema.$defs ?? {})) {
      const name = nameOf(id) + suffix;
      if (this.#texts.has(name)) continue;
      this.#texts.set(name, 'unknown');
      this.#texts.set(name, id === 'Tensor' ? tensor(definition, (each) => typeOf(each, suffix)) : typeOf(definition, suffix));
    }
    return typeOf(schema, suffix);
  }
}

const nameOf = (id: string) => id.replaceAll(/\W/g, '_');

function typeOf(schema: JsonSchema, suffix: string): string {
  const of = (each: JsonSchema) => typeOf(each, suffix);
  const { type, properties, additionalProperties, items } = schema;
  const ref = schema.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1];
  if (ref !== undefined) return nameOf(ref) + suffix;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.map((each) => `(${of(each)})`).join(' | ');
  if (Array.isArray(type)) return type.map((each) => `(${of({ ...schema, type: each })})`).join(' | ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(of).join(', ')}]`;
  if (type === 'array') return `(${typeof items === 'object' ? of(items) : 'unknown'})[]`;
  if (type === 'object' && properties) return object(schema, of);
  if (type === 'object') return `Record<string, ${typeof additionalProperties === 'object' ? of(additionalProperties) : 'unknown'}>`;
  return PRIMITIVES[type ?? ''] ?? 'unknown';
}

const PRIMITIVES: Record<string, string> = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' };

function object({ properties = {}, required = [] }: JsonSchema, of: (schema: JsonSchema) => string): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${comment(describe(schema))}${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${of(schema)};`,
  );
  return fields.length > 0 ? `{\n${fields.join('\n')}\n}` : '{}';
}

function tensor(schema: JsonSchema, of: (schema: JsonSchema) => string): string {
  const { data: _, ...properties } = schema.properties ?? {};
  return `${object({ ...schema, properties }, of)} & { data: ${TENSOR_DATA} }`;
}

function describe({ description, default: standard }: JsonSchema): string {
  return [description, standard === undefined ? '' : `Default: \`${JSON.stringify(standard)}\`.`].filter(Boolean).join(' ');
}

function comment(...parts: string[]): string {
  const text = parts.filter(Boolean).join('\n\n').replaceAll('*/', '* /');
  return text ? `/** ${text} */\n` : '';
}
