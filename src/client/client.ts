/** The client of the API: the same typed calls in both modes, switched at any moment. On the page and in scripts inside the worker. */
import {
  ApiError,
  type Input,
  type Method,
  type OperationAt,
  type Output,
  type PathOf,
  type Route,
  routes,
  type ServiceName,
  type StreamEvent,
} from '../contract/index.ts';
import { Listeners } from '../environment/listeners.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';

export type Mode = 'restful' | 'direct';

type Routes = Record<Method, Partial<Record<string, Record<string, Route>>>>;
const byMethod: Routes = { GET: {}, POST: {}, PUT: {}, DELETE: {} };
for (const route of routes) (byMethod[route.endpoint.method][route.service] ??= {})[route.endpoint.path] = route;

/** @throws ApiError not_found, naming the paths that there are */
export function routeAt(method: Method, service: string, path: string): Route {
  const route = byMethod[method][service]?.[path];
  if (route) return route;
  const known = Object.keys(byMethod[method][service] ?? {});
  throw new ApiError('not_found', `No ${method} ${service}/${path}.${known.length > 0 ? ` There are: ${known.join(', ')}.` : ''}`);
}

/**
 * The same for a path whose parameters stand in it: `detokenize/tok_1` is `detokenize/{id}` with the id.
 * @throws ApiError not_found
 */
export function routeFor(method: Method, service: string, path: string): { route: Route; parameters: Record<string, string> } {
  const known = byMethod[method]?.[service] ?? {};
  if (!Object.hasOwn(known, path)) {
    const parts = path.split('/');
    for (const [template, route] of Object.entries(known)) {
      const parameters = parametersOf(template.split('/'), parts);
      if (route && parameters) return { route, parameters };
    }
  }
  return { route: routeAt(method, service, path), parameters: {} };
}

function parametersOf(template: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (template.length !== parts.length) return null;
  const parameters: Record<string, string> = {};
  for (const [i, part] of template.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name) parameters[name] = decodeURIComponent(parts[i]!);
    else if (part !== parts[i]) return null;
  }
  return parameters;
}

type InputOf<S extends ServiceName, M extends Method, P extends PathOf<S, M>> = Input<S, OperationAt<S, M, P>>;
type OutputOf<S extends ServiceName, M extends Method, P extends PathOf<S, M>> = Output<S, OperationAt<S, M, P>>;
/** The operation that streams at a path: a POST, or else a PUT. */
type StreamingAt<S extends ServiceName, P> =
  P extends PathOf<S, 'POST'> ? OperationAt<S, 'POST', P> : P extends PathOf<S, 'PUT'> ? OperationAt<S, 'PUT', P> : never;
type StreamInput<S extends ServiceName, P> = Input<S, StreamingAt<S, P>>;
/** The input may be left out where the endpoint asks for nothing. */
type Arguments<I> = {} extends I ? [input?: I, options?: CallOptions] : [input: I, options?: CallOptions];

export interface Transports {
  direct: Transport;
  /** `null` where the RESTful transport is not there (no service worker, a hard reload). */
  restful: Transport | null;
}

/**
 * @example
 * const { input_ids } = await client.post('tokenizer', 'tokenize', { text: 'Once upon a time' });
 * client.enableRestfulMode(false); // the same call is now a function call
 */
export class Client {
  #mode: Mode;
  readonly #listeners = new Listeners<() => void>();
  /** Told of every change of mode (and of health, where there is one). Returns what ends the subscription. */
  readonly subscribe = this.#listeners.subscribe;

  constructor(protected readonly transports: Transports) {
    this.#mode = transports.restful ? 'restful' : 'direct';
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** True: calls are HTTP requests. False: function calls in the worker, one port hop from the page. Takes effect with the next call. */
  enableRestfulMode(on: boolean): void {
    if (on && !this.transports.restful) throw new ApiError('conflict', 'The RESTful mode is not available here; the direct mode stays on.');
    this.#mode = on ? 'restful' : 'direct';
    this.changed();
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }

  transport(mode: Mode = this.#mode): Transport {
    if (mode === 'direct') return this.transports.direct;
    return this.transports.restful ?? this.transports.direct;
  }

  /** The same calls in one mode, whatever the switch says: `via('direct')` keeps them out of the network log of someone who watches their own. */
  via(mode: Mode): Client {
    const client = new Client(this.transports);
    client.#mode = mode;
    return client;
  }

  get<S extends ServiceName, P extends PathOf<S, 'GET'>>(
    service: S,
    path: P,
    ...[input, options]: Arguments<InputOf<S, 'GET', P>>
  ): Promise<OutputOf<S, 'GET', P>> {
    return this.transport().call(routeAt('GET', service, path), input as object | undefined, options) as Promise<OutputOf<S, 'GET', P>>;
  }

  post<S extends ServiceName, P extends PathOf<S, 'POST'>>(
    service: S,
    path: P,
    ...[input, options]: Arguments<InputOf<S, 'POST', P>>
  ): Promise<OutputOf<S, 'POST', P>> {
    return this.transport().call(routeAt('POST', service, path), input as object | undefined, options) as Promise<OutputOf<S, 'POST', P>>;
  }

  put<S extends ServiceName, P extends PathOf<S, 'PUT'>>(
    service: S,
    path: P,
    ...[input, options]: Arguments<InputOf<S, 'PUT', P>>
  ): Promise<OutputOf<S, 'PUT', P>> {
    return this.transport().call(routeAt('PUT', service, path), input as object | undefined, options) as Promise<OutputOf<S, 'PUT', P>>;
  }

  delete<S extends ServiceName, P extends PathOf<S, 'DELETE'>>(
    service: S,
    path: P,
    ...[input, options]: Arguments<InputOf<S, 'DELETE', P>>
  ): Promise<OutputOf<S, 'DELETE', P>> {
    return this.transport().call(routeAt('DELETE', service, path), input as object | undefined, options) as Promise<
      OutputOf<S, 'DELETE', P>
    >;
  }

  /**
   * Events of a streaming endpoint as they come. An abort of `options.signal` cancels the work, not only the reading.
   * @example for await (const { event, data } of client.stream('model', 'generate', { prompt: 'Hi' })) if (event === 'token') print(data.text)
   */
  stream<S extends ServiceName, P extends PathOf<S, 'POST'> | PathOf<S, 'PUT'>>(
    service: S,
    path: P,
    input: StreamInput<S, P>,
    options?: CallOptions,
  ): AsyncIterable<StreamEvent<S, StreamingAt<S, P>>> {
    const method = byMethod.POST[service]?.[path] ? 'POST' : 'PUT';
    return this.transport().stream(routeAt(method, service, path), input as object, options) as AsyncIterable<
      StreamEvent<S, StreamingAt<S, P>>
    >;
  }

  /** A call of any route, for tools that walk over the contract. */
  call(route: Route, input?: object, options?: CallOptions): Promise<unknown> {
    return this.transport().call(route, input, options);
  }
}
