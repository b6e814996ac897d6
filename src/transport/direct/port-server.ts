/** The worker's end of the port: calls become dispatches, whole HTTP requests go to the REST app. */
import { ApiError, type CallContext, HOST, type Route, routes, transferables, withLess } from '../../contract/index.ts';
import { dispatch, isAsyncIterable, newContext, type Operations } from '../dispatch.ts';
import type { ServerEvent } from '../transport.ts';
import type { EarlyResponse } from '../rest/app.ts';
import type { PulseToWorker, ToPage, ToWorker, WireRequest } from './protocol.ts';

export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
}

const routeByName = new Map<string, Route>(routes.map((route) => [`${route.service}.${route.operation}`, route]));

/**
 * Serves a port until it closes.
 * @param handleHttp the REST app: a request in, a response out; what can't wait for that goes to `early`
 */
export function servePort(
  port: Port,
  operations: Operations,
  handleHttp: (request: Request, early: EarlyResponse) => Response | Promise<Response>,
): void {
  const running = new Map<number, AbortController>();
  const post = (message: ToPage, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  async function call(message: Extract<ToWorker, { kind: 'call' }>, signal: AbortSignal): Promise<void> {
    const { id, service, operation, input, scopes } = message;
    const route = routeByName.get(`${service}.${operation}`);
    if (!route) throw new ApiError('not_found', `No operation "${operation}" in service "${service}".`);
    const context: CallContext = {
      ...newContext('direct', `d${id}`, signal, scopes && withLess(HOST, scopes, 'The call')),
      emit: (event) => post({ kind: 'event', id, event }),
      note: (event) => post({ kind: 'note', id, event }),
    };
    const result = await dispatch(operations, route, input, context);
    if (isAsyncIterable(result)) {
      for await (const event of result) {
        if (signal.aborted) break;
        post({ kind: 'event', id, event }, transferables(event.data));
      }
      post({ kind: 'end', id });
    } else {
      post({ kind: 'result', id, data: result, timings: context.timings }, transferables(result));
    }
  }

  async function http(id: number, { url, method, headers, body }: WireRequest, signal: AbortSignal): Promise<void> {
    let isBegun = false;
    const begin = (head: { status: number; headers: [string, string][] }) => {
      if (!isBegun) post({ kind: 'response', id, response: { ...head, body: 'stream' } });
      isBegun = true;
    };
    const write = (bytes: Uint8Array<ArrayBuffer>) => post({ kind: 'chunk', id, bytes }, [bytes.buffer]);
    const note = (event: ServerEvent) => post({ kind: 'note', id, event });
    const response = await handleHttp(new Request(new URL(url, 'http://glassbox'), { method, headers, body, signal }), {
      begin,
      write,
      note,
    });
    const head = { status: response.status, headers: [...response.headers] satisfies [string, string][] };
    if (isBegun || (response.body && response.headers.get('content-type')?.startsWith('text/event-stream'))) {
      // Piece by piece as messages: one that was posted arrives, whatever the worker does then.
      begin(head);
      // The request can be aborted until its stream has ended.
      for await (const bytes of chunksOf(response.body, signal)) write(bytes);
      post({ kind: 'end', id });
    } else {
      const payload = response.body && (await response.arrayBuffer());
      post({ kind: 'response', id, response: { ...head, body: payload } }, payload ? [payload] : []);
    }
  }

  const unreadable = () => post({ kind: 'unreadable', id: 0 });
  port.addEventListener('messageerror', unreadable);
  port.addEventListener('message', ({ data }: MessageEvent<ToWorker | PulseToWorker | null>) => {
    // Chromium hands over nothing where a value can be written and not be read.
    if (data === null) return unreadable();
    if (data.kind === 'ping') return;
    if (data.kind === 'roll') {
      for (const id of data.ids.filter((each) => !running.has(each))) {
        post({
          kind: 'problem',
          id,
          problem: new ApiError('validation_failed', 'The input never arrived: the browser could not read it.').toProblem(`d${id}`),
        });
      }
      return;
    }
    if (data.kind === 'abort' || data.kind === 'leave') {
      running.get(data.id)?.abort(data.kind === 'leave' ? LEFT : undefined);
      return;
    }
    // The workbench has other messages for its worker.
    if (data.kind !== 'call' && data.kind !== 'http') return;
    const abort = new AbortController();
    running.set(data.id, abort);
    const work = data.kind === 'call' ? call(data, abort.signal) : http(data.id, data.request, abort.signal);
    work
      .catch((error: unknown) => post({ kind: 'problem', id: data.id, problem: ApiError.from(error).toProblem(`d${data.id}`) }))
      .finally(() => running.delete(data.id));
  });
}

/** The reason of an abort by someone who reads no further. */
const LEFT = Symbol('left');

/** To the end, also after an abort, which the body may have a last word on; not when nobody reads. */
async function* chunksOf(body: ReadableStream<Uint8Array> | null, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!body) return;
  const reader = body.getReader();
  signal.addEventListener('abort', () => {
    if (signal.reason === LEFT) reader.cancel().catch(() => {});
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value.slice();
  }
}
