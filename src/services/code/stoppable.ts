/** A transport that a script can be stopped at, and that lets others have the worker: what scripts call the services through. */
import { ApiError, type Envelope, type Route, type Scope } from '../../contract/index.ts';

interface Options {
  signal?: AbortSignal;
  scopes?: readonly Scope[];
}

/** What is wrapped, by shape: services know no transport. */
export interface Calls {
  call(route: Route, input: object | undefined, options?: Options): Promise<unknown>;
  /** Where there is no hop: the result itself, or its promise; may throw. */
  invoke?(route: Route, input: object | undefined, options?: Options): unknown;
  envelope?(route: Route, input: object | undefined, options?: Options): Promise<Envelope<unknown>>;
  stream(route: Route, input: object | undefined, options?: Options): AsyncIterable<{ event: string; data: unknown }>;
}

/** A script that awaits only answers which are ready at once never gives the worker away: this often it is made to. */
const BREATH_MS = 30;
/** The clock is read once in so many calls; reading it costs more than a call. */
const CALLS_PER_LOOK = 64;

export const stopped = (): ApiError => new ApiError('cancelled', 'The script was stopped.');

/** Where a failed call was made: `new Error().stack` at the moment of the failure, which engines lead back to the `await`. */
const places = new WeakMap<object, string>();
export const placeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null ? places.get(error) : undefined;

function noted(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && !places.has(error)) places.set(error, new Error('here').stack ?? '');
  return error;
}

function failed(error: unknown): never {
  throw noted(error);
}

/**
 * @param signal aborted when the script is to stop: every call then fails, those under way are told
 */
export function stoppable(inner: Calls, signal: AbortSignal): Calls {
  const own: Options = { signal };
  const joined = (options: Options | undefined): Options => {
    if (!options?.signal && !options?.scopes) return own;
    return {
      ...own,
      ...(options.signal && { signal: AbortSignal.any([signal, options.signal]) }),
      ...(options.scopes && { scopes: options.scopes }),
    };
  };
  let calls = 0;
  let lastBreath = performance.now();

  /** A result that is there at once needs no promise of ours around the caller's. */
  function send(route: Route, input: object | undefined, options: Options): Promise<unknown> {
    if (!inner.invoke) return inner.call(route, input, options).catch(failed);
    try {
      const result = inner.invoke(route, input, options);
      return result instanceof Promise ? result.catch(failed) : Promise.resolve(result);
    } catch (error) {
      return Promise.reject(noted(error));
    }
  }

  return {
    call(route, input, options) {
      if (signal.aborted) return Promise.reject(stopped());
      if (++calls % CALLS_PER_LOOK === 0 && performance.now() - lastBreath > BREATH_MS) {
        return breathe().then(() => {
          lastBreath = performance.now();
          return signal.aborted ? Promise.reject(stopped()) : send(route, input, joined(options));
        });
      }
      return send(route, input, joined(options));
    },

    ...(inner.envelope && {
      envelope: (route: Route, input: object | undefined, options?: Options) =>
        signal.aborted ? Promise.reject(stopped()) : inner.envelope!(route, input, joined(options)).catch(failed),
    }),

    async *stream(route, input, options) {
      if (signal.aborted) throw stopped();
      try {
        for await (const event of inner.stream(route, input, joined(options))) {
          if (signal.aborted) throw stopped();
          yield event;
        }
      } catch (error) {
        failed(error);
      }
    },
  };
}

/** One turn of the event loop: messages to the worker are heard in it. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
