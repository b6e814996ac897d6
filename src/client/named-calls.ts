/** Calls by the words of the contract, for those who have no types of it: a script in Python names method, service and path. */
import { ApiError, type Method, type Route } from '../contract/index.ts';
import type { LocalTransport } from '../transport/local.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';
import { routeFor } from './client.ts';

interface Enveloping extends Transport {
  envelope(route: Route, input: object | undefined, options?: CallOptions): Promise<unknown>;
}

export interface NamedCalls {
  /** @param restful over HTTP's form, with the envelope as the answer */
  call(method: string, service: string, path: string, input: object, restful: boolean): Promise<unknown>;
  /** The direct call without a promise around it; may throw. */
  invoke(method: string, service: string, path: string, input: object): unknown;
  stream(service: string, path: string, input: object, restful: boolean): ReturnType<Transport['stream']>;
}

const stopped = () => new ApiError('cancelled', 'The script was stopped.');

/** @param signal ends every call */
export function namedCalls(direct: LocalTransport, restful: Enveloping, signal: AbortSignal): NamedCalls {
  const options = { signal };
  // One object a call of a path: the paths of a script are few.
  const found = new Map<string, ReturnType<typeof routeFor>>();
  const at = (method: string, service: string, path: string) => {
    const name = `${method} ${service}/${path}`;
    let known = found.get(name);
    if (!known) {
      known = routeFor(method as Method, service, path);
      if (found.size < 1000) found.set(name, known);
    }
    return known;
  };
  const whole = (input: object, parameters: Record<string, string>) =>
    Object.keys(parameters).length > 0 ? { ...input, ...parameters } : input;
  const streamAt = (service: string, path: string) => {
    try {
      return at('POST', service, path);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return at('PUT', service, path);
    }
  };
  return {
    call(method, service, path, input, isRestful) {
      if (signal.aborted) return Promise.reject(stopped());
      const { route, parameters } = at(method, service, path);
      const given = whole(input, parameters);
      return isRestful ? restful.envelope(route, given, options) : direct.call(route, given, options);
    },
    invoke(method, service, path, input) {
      if (signal.aborted) throw stopped();
      const { route, parameters } = at(method, service, path);
      return direct.invoke(route, whole(input, parameters), options);
    },
    stream(service, path, input, isRestful) {
      const { route, parameters } = streamAt(service, path);
      return (isRestful ? restful : direct).stream(route, whole(input, parameters), options);
    },
  };
}
