/** The client of the API: the same typed calls in both modes, switched at any moment. On the page and in scripts inside the worker. */
import {
  ApiError,
  type Envelope,
  type Input,
  type Method,
  type OperationAt,
  type PathOf,
  type Route,
  type ServiceName,
  type StreamEvent,
} from '../contract/index.ts';
import { Listeners } from '../environment/listeners.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';
import { addressed, type AddressOf, type InputAt, type OutputAt, routeAt, routeAtPath, wholeInput } from './address.ts';

export type Mode = 'restful' | 'direct';

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

  get<S extends ServiceName, A extends AddressOf<S, 'GET'>>(
    service: S,
    address: A,
    ...[input, options]: Arguments<InputAt<S, 'GET', A>>
  ): Promise<OutputAt<S, 'GET', A>> {
    return this.#at('GET', service, address, input as object | undefined, options) as Promise<OutputAt<S, 'GET', A>>;
  }

  post<S extends ServiceName, A extends AddressOf<S, 'POST'>>(
    service: S,
    address: A,
    ...[input, options]: Arguments<InputAt<S, 'POST', A>>
  ): Promise<OutputAt<S, 'POST', A>> {
    return this.#at('POST', service, address, input as object | undefined, options) as Promise<OutputAt<S, 'POST', A>>;
  }

  put<S extends ServiceName, A extends AddressOf<S, 'PUT'>>(
    service: S,
    address: A,
    ...[input, options]: Arguments<InputAt<S, 'PUT', A>>
  ): Promise<OutputAt<S, 'PUT', A>> {
    return this.#at('PUT', service, address, input as object | undefined, options) as Promise<OutputAt<S, 'PUT', A>>;
  }

  delete<S extends ServiceName, A extends AddressOf<S, 'DELETE'>>(
    service: S,
    address: A,
    ...[input, options]: Arguments<InputAt<S, 'DELETE', A>>
  ): Promise<OutputAt<S, 'DELETE', A>> {
    return this.#at('DELETE', service, address, input as object | undefined, options) as Promise<OutputAt<S, 'DELETE', A>>;
  }

  /** A path that the contract writes is found at once; in zero-cost mode that is most of a call. */
  #at(method: Method, service: string, address: string, input: object | undefined, options: CallOptions | undefined): Promise<unknown> {
    const route = routeAtPath(method, service, address);
    if (route) return this.transport().call(route, input, options);
    const filled = addressed(method, service, address);
    return this.transport().call(filled.route, wholeInput(filled, input), options);
  }

  /**
   * The whole RESTful answer: beside the data how it came about (timings, model, revisions) and where the endpoint's examples are.
   * @example const { data, metadata, examples } = await client.envelope('POST', 'tokenizer', 'tokenize', { text: 'Hello world' });
   * @throws ApiError conflict in direct mode, whose calls answer the data alone
   */
  async envelope<S extends ServiceName, M extends Method, A extends AddressOf<S, M>>(
    method: M,
    service: S,
    address: A,
    ...[given, options]: Arguments<InputAt<S, M, A>>
  ): Promise<Envelope<OutputAt<S, M, A>>> {
    const found = addressed(method, service, address);
    const transport = this.transport();
    if (!transport.envelope)
      throw new ApiError(
        'conflict',
        'In direct mode a call answers the data alone; `enableRestfulMode(true)` gives the envelope around it.',
      );
    return (await transport.envelope(found.route, wholeInput(found, given as object | undefined), options)) as Envelope<OutputAt<S, M, A>>;
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
    const method = routeAtPath('POST', service, path) ? 'POST' : 'PUT';
    return this.transport().stream(routeAt(method, service, path), input as object, options) as AsyncIterable<
      StreamEvent<S, StreamingAt<S, P>>
    >;
  }

  /** A call of any route, for tools that walk over the contract. */
  call(route: Route, input?: object, options?: CallOptions): Promise<unknown> {
    return this.transport().call(route, input, options);
  }
}
