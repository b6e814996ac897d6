/** The worker's end of the port: calls become dispatches, whole HTTP requests go to the REST app. */
import { ApiError, type Route, routes, transferables } from '../../contract/index.ts';
import { dispatch, isAsyncIterable, newContext, type Operations } from '../dispatch.ts';
import type { ToPage, ToWorker, WireRequest } from './protocol.ts';

export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const routeByName = new Map<string, Route>(routes.map((route) => [`${route.service}.${route.operation}`, route]));

/**
 * Serves a port until it closes.
 * @param handleHttp the REST app: a request in, a response out
 * @param streamsTransfer whether a ReadableStream can be posted (Safari cannot: its bodies are buffered)
 */
export function servePort(
  port: Port,
  operations: Operations,
  handleHttp: (request: Request) => Response | Promise<Response>,
  streamsTransfer: boolean,
): void {
  const running = new Map<number, AbortController>();
  const post = (message: ToPage, transfer: Transferable[] = []) => port.postMessage(message, transfer);

  async function call(message: Extract<ToWorker, { kind: 'call' }>, signal: AbortSignal): Promise<void> {
    const { id, service, operation, input } = message;
    const route = routeByName.get(`${service}.${operation}`);
    if (!route) throw new ApiError('not_found', `No operation "${operation}" in service "${service}".`);
    const context = newContext('direct', `d${id}`, signal);
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
    const response = await handleHttp(new Request(new URL(url, 'http://glassbox'), { method, headers, body, signal }));
    const wire = { status: response.status, headers: [...response.headers] satisfies [string, string][] };
    if (streamsTransfer && response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
      // The request can be aborted until its stream has ended.
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      post({ kind: 'response', id, response: { ...wire, body: readable } }, [readable]);
      await response.body.pipeTo(writable).catch(() => {});
    } else {
      const payload = response.body && (await response.arrayBuffer());
      post({ kind: 'response', id, response: { ...wire, body: payload } }, payload ? [payload] : []);
    }
  }

  port.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind === 'abort') {
      running.get(data.id)?.abort();
      return;
    }
    const abort = new AbortController();
    running.set(data.id, abort);
    const work = data.kind === 'call' ? call(data, abort.signal) : http(data.id, data.request, abort.signal);
    work
      .catch((error: unknown) => post({ kind: 'problem', id: data.id, problem: ApiError.from(error).toProblem(`d${data.id}`) }))
      .finally(() => running.delete(data.id));
  });
}
