/** The RESTful transport's server: a Hono app looped over the contract. It knows requests and responses, no service worker. */
import { type Context, Hono } from 'hono';
import {
  API_VERSION,
  ApiError,
  type CallContext,
  encodeTensors,
  type Principal,
  type Route,
  routes,
  serviceNames,
} from '../../contract/index.ts';
import { openApiDocument } from '../../contract/openapi.ts';
import { newId } from '../../environment/ids.ts';
import type { ServerEvent } from '../transport.ts';
import { dispatch, isAsyncIterable, newContext, type Operations } from '../dispatch.ts';
import { API_PREFIX } from './app-prefix.ts';
import { admit, challenge, type Guard } from './guard.ts';
import { readInput } from './read-input.ts';
import { eventFrame, sseBody } from './sse.ts';

/** Takes what is to leave before the response does: its thread may compute without end then. */
export interface EarlyResponse {
  /** Before the first `write`; does nothing where it was called before. */
  begin(head: { status: number; headers: [string, string][] }): void;
  write(bytes: Uint8Array<ArrayBuffer>): void;
  /** What a call that answers once has made so far. */
  note(event: ServerEvent): void;
}

interface Bindings {
  early?: EarlyResponse;
  principal?: Principal;
}

export interface RestApp {
  /** @param principal who calls in place, from this realm, and shows no token */
  fetch(request: Request, early?: EarlyResponse, principal?: Principal): Response | Promise<Response>;
}

const OPEN: Guard = {
  required: false,
  authenticate: () => Promise.reject(new ApiError('unauthenticated', 'There are no tokens here.')),
};

/** The document and the list of services are for everyone: they hold nothing that this source does not. */
export function createRestApp(operations: Operations, guard: Guard = OPEN): RestApp {
  const app = new Hono<{ Bindings: Bindings }>({ getPath: (request) => new URL(request.url).pathname.replaceAll(/\/{2,}/g, '/') });
  for (const route of routes) {
    app.on(route.endpoint.method, API_PREFIX + honoPath(route.path), (c) => answer(c, route, operations, guard));
  }
  app.get(`${API_PREFIX}/openapi.json`, (c) => c.json(openApiDocument(guard.required)));
  app.get(API_PREFIX, (c) => c.json({ name: 'Glassbox', version: API_VERSION, services: serviceNames, openapi: 'openapi.json' }));
  app.notFound((c) => unknownRoute(new URL(c.req.url).pathname, c.req.method));
  app.onError((error) => problemResponse(ApiError.from(error), newId()));
  return { fetch: (request, early, principal) => app.fetch(request, { ...(early && { early }), ...(principal && { principal }) }) };
}

const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

async function answer(c: Context<{ Bindings: Bindings }>, route: Route, operations: Operations, guard: Guard): Promise<Response> {
  const requestId = c.req.header('x-request-id') ?? newId();
  let principal: Principal | undefined;
  try {
    principal = await admit(guard, c.req.raw, route, c.env.principal);
  } catch (error) {
    // Before anything is read of the body.
    return refusal(ApiError.from(error), requestId, c.req.raw, route);
  }
  const plain = newContext('restful', requestId, c.req.raw.signal, principal);
  const { early } = c.env;
  let hasBegun = false;
  const emit = (event: ServerEvent) => {
    if (!hasBegun) early!.begin({ status: 200, headers: Object.entries(streamHeaders(plain)) });
    hasBegun = true;
    early!.write(eventFrame(event));
  };
  const context: CallContext = early ? { ...plain, emit, note: (event) => early.note(event) } : plain;
  const start = performance.now();
  try {
    const input = await readInput(route, c.req.raw, c.req.param());
    context.timings['read_request'] = performance.now() - start;
    const result = await dispatch(operations, route, input, context);
    return isAsyncIterable(result) ? await streamResponse(result, context) : jsonResponse(route, result, context, start);
  } catch (error) {
    const failure = ApiError.from(error);
    if (!hasBegun) return refusal(failure, context.requestId, c.req.raw, route, context.timings);
    return new Response(eventFrame({ event: 'error', data: failure.toProblem(context.requestId) }), { headers: streamHeaders(context) });
  }
}

function jsonResponse(route: Route, data: unknown, context: CallContext, start: number): Response {
  const serializing = performance.now();
  const body = JSON.stringify(data, encodeTensors) ?? 'null';
  const { timings } = context;
  timings['serialize'] = performance.now() - serializing;
  const metadata = {
    service: route.service,
    endpoint: `${route.endpoint.method} ${route.path}`,
    request_id: context.requestId,
    mode: context.mode,
    timestamp: new Date().toISOString(),
    duration_ms: performance.now() - start,
    timings,
    ...(context.model && { model: context.model }),
  };
  // The data were serialised once already: the envelope is put around that text.
  return new Response(`{"data":${body},"metadata":${JSON.stringify(metadata)},"examples":${examplesOf(route)}}`, {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'server-timing': serverTiming(timings),
      'x-request-id': context.requestId,
    },
  });
}

const sampleCache = new Map<Route, string>();
function examplesOf(route: Route): string {
  let text = sampleCache.get(route);
  if (text === undefined) {
    const { examples, method, path } = route.endpoint;
    const { name, description, input } = examples[0] ?? {};
    text = JSON.stringify({
      count: examples.length,
      href: `${API_PREFIX.slice(1)}/${route.service}/examples?endpoint=${encodeURIComponent(`${method} ${path}`)}`,
      sample: { name, description, input },
    });
    sampleCache.set(route, text);
  }
  return text;
}

/** Waits for the first event, so that what fails before it is still an answer with a status. */
async function streamResponse(events: AsyncIterable<{ event: string; data: unknown }>, context: CallContext): Promise<Response> {
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  return new Response(sseBody(first, iterator, context.requestId), { headers: streamHeaders(context) });
}

const streamHeaders = ({ timings, requestId }: CallContext): Record<string, string> => ({
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'server-timing': serverTiming(timings),
  'x-request-id': requestId,
});

function problemResponse(
  error: ApiError,
  requestId: string,
  timings: Record<string, number> = {},
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(error.toProblem(requestId)), {
    status: error.status,
    headers: { 'content-type': 'application/problem+json', 'server-timing': serverTiming(timings), 'x-request-id': requestId, ...headers },
  });
}

function refusal(error: ApiError, requestId: string, request: Request, route: Route, timings: Record<string, number> = {}): Response {
  const why = challenge(error, request, route);
  return problemResponse(error, requestId, timings, why === null ? {} : { 'www-authenticate': why });
}

const serverTiming = (timings: Record<string, number>) =>
  Object.entries(timings)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(3)}`)
    .join(', ');

const patterns = routes.map((route) => ({ route, pattern: new RegExp(`^${API_PREFIX}${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }));

function unknownRoute(path: string, method: string): Response {
  const allowed = [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route.endpoint.method))];
  if (allowed.length > 0) {
    return problemResponse(
      new ApiError('method_not_allowed', `${method} is not taken at ${path}; allowed: ${allowed.join(', ')}.`),
      newId(),
      {},
      { allow: allowed.join(', ') },
    );
  }
  return problemResponse(new ApiError('not_found', `No endpoint at ${path}. ${API_PREFIX}/openapi.json lists them all.`), newId());
}
