/** Calls by the words of the contract, for those who have no types of it: a script in Python names method, service and path. */
import { ApiError, type Method } from '../contract/index.ts';
import type { LocalTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import { addressed, type Addressed, wholeInput } from './address.ts';

export interface NamedCalls {
  /** @param restful over HTTP's form, with the envelope as the answer */
  call(method: string, service: string, path: string, input: object, restful: boolean): Promise<unknown>;
  /** The direct call without a promise around it; may throw. */
  invoke(method: string, service: string, path: string, input: object): unknown;
  stream(service: string, path: string, input: object, restful: boolean): ReturnType<Transport['stream']>;
}

const stopped = () => new ApiError('cancelled', 'The script was stopped.');

/** @param signal ends every call */
export function namedCalls(direct: LocalTransport, restful: Required<Transport>, signal: AbortSignal): NamedCalls {
  const options = { signal };
  // One object a call of a path: the paths of a script are few.
  const found = new Map<string, Addressed>();
  const at = (method: string, service: string, path: string) => {
    const name = `${method} ${service}/${path}`;
    let known = found.get(name);
    if (!known) {
      known = addressed(method as Method, service, path);
      if (found.size < 1000) found.set(name, known);
    }
    return known;
  };
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
      const found = at(method, service, path);
      const given = wholeInput(found, input);
      return isRestful ? restful.envelope(found.route, given, options) : direct.call(found.route, given, options);
    },
    invoke(method, service, path, input) {
      if (signal.aborted) throw stopped();
      const found = at(method, service, path);
      return direct.invoke(found.route, wholeInput(found, input), options);
    },
    stream(service, path, input, isRestful) {
      const found = streamAt(service, path);
      return (isRestful ? restful : direct).stream(found.route, wholeInput(found, input), options);
    },
  };
}
