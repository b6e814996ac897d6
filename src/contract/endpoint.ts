/** What an endpoint is. Types, routes, OpenAPI, clients, forms and example tests all derive from these definitions. */
import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import { highest, type Scope } from './scope.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * One example: documentation, form filler and test in one.
 *
 * It passes when the call ends as said (`expected_error` or a result), when the result contains `expected_output`
 * (objects are compared by the keys given, numbers within `tolerance`), and when each validation rule holds.
 * A rule is a CEL expression over the input's fields, `input` and `output`; where it gives no boolean, its value must equal the
 * output field that the rule is named after (`input_ids_length` means the length of `input_ids`).
 */
export interface Example<Input = unknown> {
  name: string;
  description: string;
  input: Input;
  expected_output?: unknown;
  expected_error?: ErrorCode;
  validation_rules?: Record<string, string>;
  /** Absolute tolerance for numbers in `expected_output`; 0 unless given. */
  tolerance?: number;
  /** Examples that must have run first (by name), in order, because this one needs what they leave. */
  after?: string[];
  /** `tokenizer_id` of the only tokenizer that it holds for; with another one active it is left out of a test. */
  tokenizer?: string;
}

/**
 * An endpoint. `input` is one flat object: path parameters, query (GET, DELETE) and body (POST, PUT) together; a field named in the
 * path as `{name}` travels there. Defaults stand only at the top level of `input`, so that direct calls can fill them in.
 */
export interface Endpoint<
  M extends Method = Method,
  P extends string = string,
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  E extends z.ZodType = z.ZodType,
> {
  method: M;
  /** Below the service: `tokenize`, `detokenize/{id}`. */
  path: P;
  /** What a caller needs where tokens are required. */
  scope: Scope;
  summary: string;
  description: string;
  input: I;
  output: O;
  /** The shape of an event of the stream that `"stream": true` asks for. */
  event?: E;
  /** Codes beyond those that any endpoint may answer. */
  errors: readonly ErrorCode[];
  examples: readonly Example<z.input<I>>[];
  /** Files travel beside the JSON as multipart/form-data. */
  multipart?: boolean;
  /** What a call does that its sender should know before they send an input that someone else wrote: a clause, `runs this code …`. */
  consequence?: string;
  /** Changes nothing, so that a viewer may call it at any time. GET is, unless it says otherwise. */
  safe?: boolean;
}

export function endpoint<
  const M extends Method,
  const P extends string,
  I extends z.ZodObject,
  O extends z.ZodType,
  E extends z.ZodType = never,
>(definition: Endpoint<M, P, I, O, E>): Endpoint<M, P, I, O, E> {
  return definition;
}

export const exampleSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    endpoint: z.string().meta({ description: 'Method and path, as in `POST /tokenizer/tokenize`.' }),
    input: z.unknown(),
    expected_output: z.unknown().optional(),
    expected_error: z.string().optional(),
    validation_rules: z.record(z.string(), z.string()).optional(),
    tolerance: z.number().optional(),
    tokenizer: z.string().optional().meta({ description: '`tokenizer_id` of the only tokenizer that it holds for.' }),
  })
  .meta({ id: 'Example' });

const leftOut = z
  .array(z.object({ name: z.string(), endpoint: z.string(), reason: z.string() }))
  .meta({ description: 'Of them, those that a test leaves out as things are, each with its reason.' });
/** The same numbers wherever they are told. */
const tally = { count: z.int().min(0).meta({ description: 'Example cases.' }), left_out: leftOut };

export const caseResultSchema = z
  .object({
    name: z.string(),
    endpoint: z.string(),
    description: z.string(),
    passed: z.boolean(),
    input: z.unknown(),
    expected: z.unknown().optional(),
    actual: z.unknown(),
    diff: z.array(z.object({ path: z.string(), expected: z.unknown(), actual: z.unknown() })),
    rules: z.array(
      z.object({ name: z.string(), expression: z.string(), value: z.unknown(), passed: z.boolean(), error: z.string().optional() }),
    ),
    duration_ms: z.number(),
  })
  .meta({ id: 'CaseResult' });

export type CaseResult = z.infer<typeof caseResultSchema>;

const infoEndpoint = z.object({ method: z.string(), path: z.string(), summary: z.string() });

/**
 * The three endpoints that every service has.
 * @param testScope the examples call every endpoint, so that running them needs what the most demanding one does
 */
function commonEndpoints<S extends z.ZodType>(service: string, state: S, testScope: Scope) {
  return {
    info: endpoint({
      method: 'GET',
      path: 'info',
      scope: 'read',
      summary: `What the ${service} service is and its live state`,
      description: 'Name, version, endpoints, how many example cases there are, and the state of the service at this moment.',
      input: z.object({}),
      output: z.object({
        service: z.string(),
        version: z.string(),
        description: z.string(),
        endpoints: z.array(infoEndpoint),
        cases: z.object(tally),
        state,
      }),
      errors: [],
      examples: [
        {
          name: 'info',
          description: 'The service says what it is.',
          input: {},
          expected_output: { service },
          validation_rules: { has_endpoints: 'size(output.endpoints) >= 3', names_itself: `output.service == "${service}"` },
        },
      ],
    }),
    examples: endpoint({
      method: 'GET',
      path: 'examples',
      scope: 'read',
      summary: `Example cases of the ${service} service`,
      description: 'Every example of every endpoint: input, expected output and validation rules.',
      input: z.object({
        endpoint: z
          .string()
          .optional()
          .meta({ description: 'Only those at one path, such as `tokenize`, or of one method there: `POST config`.' }),
      }),
      output: z.object({ ...tally, examples: z.array(exampleSchema) }),
      errors: ['not_found'],
      examples: [
        { name: 'all examples', description: 'All cases of the service.', input: {}, validation_rules: { count: 'size(output.examples)' } },
        {
          name: 'examples of one endpoint',
          description: 'Only the cases of `info`.',
          input: { endpoint: 'info' },
          validation_rules: { only_those: 'output.examples.all(e, e.endpoint.endsWith("/info"))' },
        },
        {
          name: 'examples of one method at a path',
          description: 'A path may have several.',
          input: { endpoint: 'POST test' },
          validation_rules: { only_those: 'output.examples.all(e, e.endpoint.startsWith("POST "))', count: 'size(output.examples)' },
        },
        {
          name: 'examples of an unknown endpoint',
          description: 'A path that the service does not have.',
          input: { endpoint: 'no-such-endpoint' },
          expected_error: 'not_found',
        },
      ],
    }),
    test: endpoint({
      method: 'POST',
      path: 'test',
      scope: testScope,
      summary: `Run the examples of the ${service} service`,
      description:
        'Runs all examples, or those named, and gives for each: passed, expected, actual, diff, the value of each rule, duration. `count` is what `passed`, `failed` and `left_out` come to.',
      input: z.object({
        cases: z.array(z.string()).max(10_000).optional().meta({ description: 'Names of the cases to run; all when left out.' }),
      }),
      output: z.object({
        ...tally,
        passed: z.int(),
        failed: z.int(),
        duration_ms: z.number(),
        cases: z.array(caseResultSchema).meta({ description: 'All but those that are left out.' }),
      }),
      errors: ['not_found'],
      examples: [
        {
          name: 'run one case',
          description: 'Runs the `info` example.',
          input: { cases: ['info'] },
          expected_output: { passed: 1, failed: 0 },
          validation_rules: { every_case_has_a_result: 'size(output.cases) == size(input.cases)' },
        },
        {
          name: 'run no case',
          description: 'An empty list runs nothing.',
          input: { cases: [] },
          expected_output: { count: 0, left_out: [], passed: 0, failed: 0, cases: [] },
        },
        {
          name: 'run an unknown case',
          description: 'A name that no example has.',
          input: { cases: ['no such case'] },
          expected_error: 'not_found',
        },
      ],
    }),
  };
}

export interface ServiceDefinition {
  name: string;
  title: string;
  description: string;
  endpoints: Record<string, Endpoint>;
}

/**
 * A service: its endpoints by operation, which is the name of the method that implements it, plus the three that every service has.
 * @param state schema of the live state that `GET /{service}/info` shows
 */
export function defineService<const N extends string, S extends z.ZodType, E extends Record<string, Endpoint>>(definition: {
  name: N;
  title: string;
  description: string;
  state: S;
  endpoints: E;
}): { name: N; title: string; description: string; endpoints: E & ReturnType<typeof commonEndpoints<S>> } {
  const { name, title, description, state, endpoints } = definition;
  const testScope = highest(Object.values(endpoints).map(({ scope }) => scope));
  return { name, title, description, endpoints: { ...endpoints, ...commonEndpoints(name, state, testScope) } };
}

/** An id that a caller gives to what it makes: it can stand in a path, where `.` and `..` would mean another one. */
export const chosenId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!\.{1,2}$)/, 'must not be . or ..');

/** Names of the path parameters in `detokenize/{id}`. */
export function pathParameters(path: string): string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), (match) => match[1]!);
}

/** The top-level defaults of an endpoint's input, for calls that skip validation. */
export function inputDefaults(input: z.ZodObject): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(input.shape)) {
    if (field instanceof z.ZodDefault) defaults[name] = field.parse(undefined);
  }
  return defaults;
}
