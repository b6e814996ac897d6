/** The one way from an endpoint and an input to a service's method; both transports end here. */
import { changedBy, changedMeanwhile, intrinsics } from '../environment/intrinsics.ts';
import { messageOf } from '../environment/thrown.ts';
import { assertSayable } from './sayable.ts';
import {
  ApiError,
  assertScope,
  type CallContext,
  inputDefaults,
  jsonInput,
  parseInput,
  type Principal,
  type Route,
  routes,
  type ServiceName,
} from '../contract/index.ts';

/** A method of a service. A streaming one gives an async iterable of events. */
export type Operation = (input: never, context: CallContext) => unknown;
/** The methods of all services, by service and operation. */
export type Operations = Readonly<Record<ServiceName, Readonly<Record<string, Operation>>>>;

const strictInputs = new Map(routes.map((route) => [route, route.endpoint.input.strict()]));

/** The parsed input, defaults filled in. Throws `validation_failed` naming each field, the bound and the value. */
export function validateInput(route: Route, input: unknown): Record<string, unknown> {
  return parseInput(strictInputs.get(route)!, jsonInput(input ?? {}));
}

/** The method of a route, bound to its service. */
const operationOf = (operations: Operations, { service, operation }: Route): Operation => operations[service][operation]!;

/** Checks that the caller may, where one is named, validates, then calls; adds `validate` and `execute` to the context's timings. Rejects with `ApiError` only. */
export async function dispatch(operations: Operations, route: Route, input: unknown, context: CallContext): Promise<unknown> {
  const start = performance.now();
  try {
    // Before anything waits: a promise whose methods were changed may never settle.
    const changed = changedMeanwhile();
    if (changed !== null) throw new ApiError('internal', `${changed} Send this call again.`);
    const { endpoint, path } = route;
    if (context.principal) assertScope(context.principal, endpoint.scope, `${endpoint.method} ${path}`);
    const parsed = validateInput(route, input);
    const operation = operationOf(operations, route);
    const validated = performance.now();
    context.timings['validate'] = validated - start;
    try {
      const result = await operation(parsed as never, context);
      if (isAsyncIterable(result)) return sayable(result);
      assertSayable(result);
      return result;
    } finally {
      context.timings['execute'] = performance.now() - validated;
    }
  } catch (error) {
    throw explained(error);
  }
}

/** A call may fail for what code of a person's did to the language: that is the reason then, whatever the failure says. */
export function explained(error: unknown): ApiError {
  const changed = changedBy('Code that runs in this worker', intrinsics().restore());
  return changed === null ? ApiError.from(error) : new ApiError('internal', `${changed} The call failed meanwhile: ${messageOf(error)}`);
}

async function* sayable(events: AsyncIterable<{ event: string; data: unknown }>): AsyncGenerator<{ event: string; data: unknown }> {
  for await (const event of events) {
    assertSayable(event.data);
    yield event;
  }
}

export function newContext(mode: CallContext['mode'], requestId: string, signal?: AbortSignal, principal?: Principal): CallContext {
  return { mode, requestId, timings: {}, ...(signal && { signal }), ...(principal && { principal }) };
}

/** A method that takes a trusted input: top-level defaults are filled in where they are missing, and nothing is validated. */
export function trustedCall(operations: Operations, route: Route): (input: object | undefined, context: CallContext) => unknown {
  const defaults = inputDefaults(route.endpoint.input);
  const names = Object.keys(defaults);
  const call = operationOf(operations, route) as (input: object, context: CallContext) => unknown;
  if (names.length === 0) return (input, context) => call(input ?? {}, context);
  // An input that is complete goes through as it is: copying it costs more than the call.
  const isComplete = (input: Record<string, unknown>) => names.every((name) => input[name] !== undefined);
  return (input, context) => call(input && isComplete(input as Record<string, unknown>) ? input : { ...defaults, ...input }, context);
}

export const isAsyncIterable = (value: unknown): value is AsyncIterable<{ event: string; data: unknown }> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
