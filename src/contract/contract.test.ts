/** What every endpoint must keep to, so that routes, clients, forms, documents and example tests can be loops over the contract. */
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { contract, type Endpoint, ERRORS, inputDefaults, pathParameters, routes } from './index.ts';

/** Examples whose input fits the schema and not what is active, which the service checks. */
const BY_WHAT_IS_ACTIVE = new Set([
  'model.forward: a tap on an attention map',
  'model.generate: tools beside a prompt',
  'tokenizer.chatTemplate: a new answer and the last one gone on with',
  'code.patch: a shader in another language',
  'code.patch: a sampler in Python',
  'scheduler.setPolicy: a parameter that the policy does not have',
]);
/** Nested defaults that the receiver fills in itself, so that trusted calls get them too: platform/weights/source.ts. */
const FILLED_IN_ELSEWHERE = new Set(['/model/weights/source']);

const cases = routes.flatMap((route) =>
  route.endpoint.examples.map((example) => ({ ...route, example, label: `${route.service}.${route.operation}: ${example.name}` })),
);
const jsonSchema = (type: z.ZodType, io: 'input' | 'output'): object => z.toJSONSchema(type, { io, unrepresentable: 'any' });

/** Where a JSON Schema has a default below its top-level fields. */
function nestedDefaults(schema: object, defs: Record<string, object>, path: string, depth: number, seen = new Set<object>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  return Object.entries(schema).flatMap(([key, value]): string[] => {
    if (key === 'default') return depth > 1 ? [path] : [];
    if (key === '$ref') {
      const target = defs[String(value).split('/').at(-1)!];
      return target ? nestedDefaults(target, defs, path, depth + 1, seen) : [];
    }
    if (typeof value !== 'object' || value === null || key === '$defs' || key === 'enum' || key === 'const') return [];
    if (key === 'properties')
      return Object.entries(value).flatMap(([name, field]) =>
        nestedDefaults(field as object, defs, depth === 0 ? `${path}/${name}` : path, depth + 1, seen),
      );
    return nestedDefaults(value, defs, path, Math.max(depth, 1) + (Array.isArray(value) ? 0 : 1), seen);
  });
}

const isInputless = ({ input }: Endpoint): boolean => Object.keys(input.shape).length === 0;

describe.each(routes.map((route) => [`${route.endpoint.method} ${route.path}`, route] as const))('%s', (_label, { path, endpoint }) => {
  it('says what it does', () => {
    expect(endpoint.summary).toMatch(/^\S.{3,}[^.]$/);
    expect(endpoint.description).toMatch(/^\S.{9,}[.:]$/s);
  });

  it('has examples enough', () => {
    // One case is all there is to reading what has no input, or one id that nobody has been given yet.
    const onlyAnId = endpoint.method !== 'POST' && Object.keys(endpoint.input.shape).join() === 'id';
    const needed = isInputless(endpoint) || (onlyAnId && path.startsWith('/model/')) ? 1 : 3;
    const isCommonTest = /^\/\w+\/(info|examples|test)$/.test(path);
    expect(endpoint.examples.length).toBeGreaterThanOrEqual(isCommonTest ? 1 : needed);
    expect(needed < 3 || isCommonTest || endpoint.examples.some(({ expected_error }) => expected_error !== undefined)).toBe(true);
  });

  it('takes its path parameters as text', () => {
    for (const name of pathParameters(endpoint.path)) expect(endpoint.input.shape[name]).toBeInstanceOf(z.ZodString);
  });

  it('fails by known codes', () => {
    expect(endpoint.errors.filter((code) => !(code in ERRORS))).toEqual([]);
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length);
    const common = new Set<string>(['validation_failed', ...endpoint.errors]);
    for (const { expected_error } of endpoint.examples) expect(expected_error === undefined || common.has(expected_error)).toBe(true);
  });

  it('has defaults at the top level only, which trusted calls can fill in', () => {
    const schema = jsonSchema(endpoint.input, 'input') as { $defs?: Record<string, object> };
    const nested = nestedDefaults(schema, schema.$defs ?? {}, path, 0).filter((place) => !FILLED_IN_ELSEWHERE.has(place));
    expect(nested).toEqual([]);
    expect(z.object(endpoint.input.shape).partial().safeParse(inputDefaults(endpoint.input)).success).toBe(true);
  });

  it('has JSON Schemas', () => {
    for (const type of [endpoint.input, endpoint.output, endpoint.event]) {
      if (!type) continue;
      expect(jsonSchema(type, 'input')).toBeTypeOf('object');
      expect(jsonSchema(type, 'output')).toBeTypeOf('object');
    }
  });
});

test.each(cases.map(({ label, endpoint, example }) => [label, endpoint, example] as const))(
  'the input of «%s» fits its schema, or is wrong on purpose',
  (label, endpoint, example) => {
    const fits = endpoint.input.strict().safeParse(example.input).success;
    expect(fits).toBe(example.expected_error !== 'validation_failed' || BY_WHAT_IS_ACTIVE.has(label));
  },
);

test.each(cases.map(({ label, example }) => [label, example] as const))(
  'the expectation of «%s» is one that can be checked',
  (_label, example) => {
    expect(example.expected_error === undefined || (example.expected_output === undefined && example.validation_rules === undefined)).toBe(
      true,
    );
    expect(example.description).toMatch(/^\S.+\.$/s);
  },
);

test.each(Object.values(contract).map((service) => [service.name, service.endpoints] as const))(
  'names of %s are used once',
  (_name, endpoints) => {
    const all: readonly Endpoint[] = Object.values(endpoints);
    const examples = all.flatMap((endpoint) => endpoint.examples.map(({ name }) => name));
    expect(examples.filter((name, i) => examples.indexOf(name) !== i)).toEqual([]);
    const addresses = all.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  },
);

test('an example of `test` runs none of its own kind: a test of all cases ends', () => {
  for (const { endpoint, service } of routes.filter(({ operation }) => operation === 'test')) {
    const own = endpoint.examples.map(({ name }) => name);
    for (const { input, name } of endpoint.examples) {
      const { cases: named } = input as { cases?: string[] };
      expect(named, `${service}: ${name}`).toBeDefined();
      expect(named!.filter((each) => own.includes(each))).toEqual([]);
    }
  }
});

test('a check that an exception is still needed', () => {
  expect([...BY_WHAT_IS_ACTIVE].filter((label) => !cases.some((item) => item.label === label))).toEqual([]);
});
