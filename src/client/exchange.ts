/** One call seen whole: status, headers, body, events and the time each phase took, in either mode. */
import { ApiError, type Route } from '../contract/index.ts';
import type { PortClient } from '../transport/direct/port-client.ts';
import { type FetchClient, problemOf, received } from '../transport/rest/fetch-client.ts';
import { readSse } from '../transport/rest/sse.ts';
import type { CallOptions, Exchange, ServerEvent } from '../transport/transport.ts';

interface ExchangeOptions extends CallOptions {
  onEvent?: (event: ServerEvent) => void;
}

const wantsStream = (route: Route, input: object | undefined) =>
  Boolean(route.endpoint.event && input && 'stream' in input && input.stream);

export async function directExchange(
  port: PortClient,
  route: Route,
  input: object | undefined,
  { onEvent, ...options }: ExchangeOptions,
): Promise<Exchange> {
  const clock = stopwatch();
  const base = { mode: 'direct' as const, headers: [], body_bytes: 0, started_at: clock.startedAt };
  try {
    if (wantsStream(route, input)) {
      const { events, timings } = await collect(port.stream(route, input, options), clock, onEvent);
      return { ...base, status: 200, ok: true, data: events.at(-1)?.data, events, timings, duration_ms: clock.elapsed() };
    }
    const data = await port.call(route, input, options);
    const duration = clock.elapsed();
    const worker = port.lastTimings;
    const inWorker = (worker['validate'] ?? 0) + (worker['execute'] ?? 0);
    return { ...base, status: 200, ok: true, data, timings: { hop: Math.max(0, duration - inWorker), ...worker }, duration_ms: duration };
  } catch (error) {
    return { ...base, ...failure(error), timings: {}, duration_ms: clock.elapsed() };
  }
}

export async function restfulExchange(
  client: FetchClient,
  route: Route,
  input: object | undefined,
  { onEvent, ...options }: ExchangeOptions,
): Promise<Exchange> {
  const clock = stopwatch();
  const base = { mode: 'restful' as const, started_at: clock.startedAt };
  try {
    const { response, serializeMs, transportMs } = await client.exchange(route, input, options);
    const server = parseServerTiming(response.headers.get('server-timing'));
    const serverMs = Object.values(server).reduce((a, b) => a + b, 0);
    const seen = { ...base, status: response.status, ok: response.ok, headers: [...response.headers] satisfies [string, string][] };
    const timings = { 'write request': serializeMs, transport: Math.max(0, transportMs - serverMs), ...server };
    if (!response.ok) {
      const copy = response.clone();
      const error = await problemOf(response);
      const text = await copy.text();
      return {
        ...seen,
        problem: error.toProblem(response.headers.get('x-request-id') ?? ''),
        body_text: text,
        body_bytes: text.length,
        timings,
        duration_ms: clock.elapsed(),
      };
    }
    if (response.headers.get('content-type')?.startsWith('text/event-stream') && response.body) {
      const { events, timings: streamed } = await collect(typed(route, readSse(response.body)), clock, onEvent);
      return {
        ...seen,
        data: events.at(-1)?.data,
        events,
        body_bytes: 0,
        timings: { ...timings, ...streamed },
        duration_ms: clock.elapsed(),
      };
    }
    const reading = performance.now();
    const bytes = await response.arrayBuffer();
    const parsing = performance.now();
    const text = new TextDecoder().decode(bytes);
    const envelope = JSON.parse(text) as { data?: unknown; metadata?: unknown };
    const parsed = performance.now();
    return {
      ...seen,
      // openapi.json and the like have no envelope.
      data: 'metadata' in envelope ? received(route, envelope.data) : envelope,
      metadata: envelope.metadata,
      body_text: text,
      body_bytes: bytes.byteLength,
      timings: { ...timings, 'read response': parsing - reading, 'parse response': parsed - parsing },
      duration_ms: clock.elapsed(),
    };
  } catch (error) {
    return { ...base, headers: [], body_bytes: 0, ...failure(error), timings: {}, duration_ms: clock.elapsed() };
  }
}

async function* typed(route: Route, events: AsyncIterable<ServerEvent>): AsyncGenerator<ServerEvent> {
  for await (const { event, data } of events) yield { event, data: received(route, data) };
}

async function collect(
  stream: AsyncIterable<ServerEvent>,
  clock: ReturnType<typeof stopwatch>,
  onEvent?: (event: ServerEvent) => void,
): Promise<{ events: ServerEvent[]; timings: Record<string, number> }> {
  const events: ServerEvent[] = [];
  let first = 0;
  for await (const event of stream) {
    if (events.length === 0) first = clock.elapsed();
    events.push(event);
    onEvent?.(event);
  }
  return { events, timings: { 'first event': first, stream: clock.elapsed() - first } };
}

function failure(thrown: unknown): Pick<Exchange, 'status' | 'ok' | 'problem'> {
  const error = ApiError.from(thrown);
  return { status: error.status, ok: false, problem: error.toProblem('') };
}

function stopwatch(): { startedAt: string; elapsed: () => number } {
  const start = performance.now();
  return { startedAt: new Date().toISOString(), elapsed: () => performance.now() - start };
}

function parseServerTiming(header: string | null): Record<string, number> {
  const phases: Record<string, number> = {};
  for (const part of header?.split(', ') ?? []) {
    const [name, duration] = part.split(';dur=');
    if (name && duration) phases[name] = Number(duration);
  }
  return phases;
}
