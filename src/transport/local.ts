/** Zero-cost mode: inside the worker a call is a function call. Inputs are trusted; a call that throws is explained afterwards. */
import { allows, ApiError, assertScope, type CallContext, HOST, type Principal, type Route, routes, withLess } from '../contract/index.ts';
import { explained, isAsyncIterable, newContext, type Operations, trustedCall, validateInput } from './dispatch.ts';
import { type CallOptions, doesNotStream, type ServerEvent, streamsInstead, type Transport } from './transport.ts';

/** A transport without a hop: `invoke` is the call itself, which other transports cannot have. */
export interface LocalTransport extends Transport {
  /** What the method gives, or its promise. Throws, or rejects with, `ApiError`. */
  invoke(route: Route, input: object | undefined, options?: CallOptions): unknown;
}

/** @param principal whose calls they are; what it may not is settled here, once, and costs a call nothing. Left out: everything goes */
export function localTransport(operations: Operations, principal?: Principal): LocalTransport {
  const shared = newContext('direct', 'in-worker', undefined, principal);
  // A script gives the same options with each call: they are looked at once.
  let last: { options: CallOptions; context: CallContext } | null = null;
  const contextOf = (options: CallOptions | undefined): CallContext => {
    if (!options?.signal) return shared;
    if (last?.options !== options) last = { options, context: { ...shared, timings: {}, signal: options.signal } };
    return last.context;
  };
  const callOf = (route: Route): ReturnType<typeof trustedCall> => {
    const { scope, method } = route.endpoint;
    if (!principal || allows(principal.scopes, scope)) return trustedCall(operations, route);
    return () => assertScope(principal, scope, `${method} ${route.path}`);
  };
  const calls = new Map(routes.map((route) => [route, callOf(route)]));

  const explain = (error: unknown, route: Route, input: object | undefined): ApiError => {
    // What a service took for a fault of its own may be one of the input, which nobody has looked at.
    if (error instanceof ApiError && error.code !== 'internal') return explained(error);
    try {
      validateInput(route, input);
    } catch (invalid) {
      return explained(invalid);
    }
    return explained(error);
  };

  const withScopes = (route: Route, input: object | undefined, { scopes, ...options }: CallOptions) =>
    localTransport(operations, withLess(principal ?? HOST, scopes!, 'The call')).invoke(route, input, options);

  function invoke(route: Route, input: object | undefined, options?: CallOptions): unknown {
    try {
      const result = options?.scopes ? withScopes(route, input, options) : calls.get(route)!(input, contextOf(options));
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        throw explain(error, route, input);
      });
    } catch (error) {
      throw explain(error, route, input);
    }
  }

  return {
    invoke,
    call(route, input, options) {
      // As on the other transports; whoever wants what the method itself gives has `invoke`.
      if (route.endpoint.event && input && 'stream' in input && input.stream === true) return Promise.reject(streamsInstead(route));
      try {
        const result = invoke(route, input, options);
        return result instanceof Promise ? result : Promise.resolve(result);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    async *stream(route, input, options): AsyncGenerator<ServerEvent> {
      const result = await invoke(route, { ...input, stream: true }, options);
      if (!isAsyncIterable(result)) throw doesNotStream(route);
      try {
        yield* result;
      } catch (error) {
        throw explain(error, route, input);
      }
    },
  };
}
