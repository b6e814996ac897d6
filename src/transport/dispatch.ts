/** The one way from an endpoint and an input to a service's method; both transports end here. */
import { type z, z as zod } from 'zod';
import { ApiError, type CallContext, type ErrorItem, inputDefaults, type Route, routes, type ServiceName } from '../contract/index.ts';

/** A method of a service. A streaming one gives an async iterable of events. */
export type Operation = (input: never, context: CallContext) => unknown;
/** The methods of all services, by service and operation. What is missing answers 501. */
export type Operations = Readonly<Record<ServiceName, Readonly<Record<string, Operation | undefined>>>>;

const strictInputs = new Map(routes.map((route) => [route, zod.strictObject(route.endpoint.input.shape)]));

/** The parsed input, defaults filled in. Throws `validation_failed` naming each field, the bound and the value. */
export function validateInput(route: Route, input: unknown): Record<string, unknown> {
  const parsed = strictInputs.get(route)!.safeParse(input ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = describeIssues(parsed.error.issues);
  throw new ApiError(
    'validation_failed',
    `${route.endpoint.method} ${route.path}: ${errors.map((e) => `${e.path || '/'} ${e.message}`).join('; ')}`,
    errors,
  );
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): ErrorItem[] {
  return issues.flatMap((issue): ErrorItem[] => {
    const path = issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: `${path}/${key}`, message: 'is not a field of this endpoint.' }));
    const nearest = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : null;
    if (nearest) return describeIssues(nearest.map((each) => ({ ...each, path: [...issue.path, ...each.path] })));
    const message = (issue.code === 'invalid_union' && kindsOf(issue.errors)) || issue.message;
    return [{ path, message: `${message}${'input' in issue ? `; got ${preview(issue.input)}` : ''}.` }];
  });
}

type Branches = readonly (readonly z.core.$ZodIssue[])[];

const isOtherKind = (branch: Branches[number]) => branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/** What is wrong by the alternative that was meant: the one that takes a value of this kind, and gets furthest into it. */
function nearestBranch(branches: Branches): Branches[number] | null {
  const depth = (branch: Branches[number]) => Math.max(...branch.map(({ path }) => path.length));
  return branches.filter((branch) => branch.length > 0 && !isOtherKind(branch)).toSorted((a, b) => depth(b) - depth(a))[0] ?? null;
}

/** What the alternatives of a union take, where the value is of another kind. */
function kindsOf(branches: Branches): string | null {
  const kinds = branches.flatMap((branch) => branch.flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : [])));
  return kinds.length > 0 ? `Invalid input: expected ${[...new Set(kinds)].join(' or ')}` : null;
}

function preview(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The method of a route, bound to its service. Throws `not_implemented` where there is none. */
export function operationOf(operations: Operations, route: Route): Operation {
  const operation = operations[route.service][route.operation];
  if (operation) return operation;
  throw new ApiError('not_implemented', `${route.endpoint.method} ${route.path} is part of the contract and not built yet.`);
}

/** Validates, then calls; adds `validate` and `execute` to the context's timings. Rejects with `ApiError` only. */
export async function dispatch(operations: Operations, route: Route, input: unknown, context: CallContext): Promise<unknown> {
  const start = performance.now();
  try {
    const parsed = validateInput(route, input);
    const operation = operationOf(operations, route);
    const validated = performance.now();
    context.timings['validate'] = validated - start;
    try {
      return await operation(parsed as never, context);
    } finally {
      context.timings['execute'] = performance.now() - validated;
    }
  } catch (error) {
    throw ApiError.from(error);
  }
}

export function newContext(mode: CallContext['mode'], requestId: string, signal?: AbortSignal): CallContext {
  return { mode, requestId, timings: {}, ...(signal && { signal }) };
}

/** A method that takes a trusted input: top-level defaults are filled in where they are missing, and nothing is validated. */
export function trustedCall(operations: Operations, route: Route): (input: object | undefined, context: CallContext) => unknown {
  const defaults = inputDefaults(route.endpoint.input);
  const names = Object.keys(defaults);
  const operation = operations[route.service][route.operation];
  if (!operation) return () => operationOf(operations, route);
  const call = operation as (input: object, context: CallContext) => unknown;
  if (names.length === 0) return (input, context) => call(input ?? {}, context);
  // An input that is complete goes through as it is: copying it costs more than the call.
  const isComplete = (input: Record<string, unknown>) => names.every((name) => input[name] !== undefined);
  return (input, context) => call(input && isComplete(input as Record<string, unknown>) ? input : { ...defaults, ...input }, context);
}

export const isAsyncIterable = (value: unknown): value is AsyncIterable<{ event: string; data: unknown }> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
