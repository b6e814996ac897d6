/** The client on the page: besides the calls it knows the health of worker and service worker, and shows an explorer whole exchanges. */
import { ApiError, holdsSecrets, type Route, routes, withoutSecrets } from '../contract/index.ts';
import type { LeftOut } from '../contract/left-out.ts';
import { Observable } from '../environment/observable.ts';
import type { PatchName } from '../environment/work.ts';
import type { PortClient } from '../transport/direct/port-client.ts';
import type { Silence } from '../transport/direct/pulse.ts';
import type { FetchClient } from '../transport/rest/fetch-client.ts';
import type { CallOptions, Exchange, ServerEvent } from '../transport/transport.ts';
import { Client, type Mode } from './client.ts';
import type { PageAccess } from './page-access.ts';
import { directExchange, restfulExchange } from './exchange.ts';

export interface Health {
  worker: 'starting' | 'ready' | 'failed';
  /** How often it came up; what it held before is gone. */
  starts: number;
  /** Since when the worker does not answer; null while it does, or is known to have ended. */
  silence: Silence | null;
  leftOut: readonly LeftOut[];
  /** Why the worker has stopped, for people. */
  failure: string | null;
  restful: 'starting' | 'ready' | 'unavailable';
  /** Why the RESTful mode is not there, for people. */
  reason: string | null;
  /** How often the service worker went deaf and was started again. */
  revived: number;
  /** Cross-origin isolation, which WASM threads need. */
  isolated: boolean;
  threads: number;
  /** Whether streams pass the service worker as they come; without, MSW buffers them. */
  streamingBody: boolean;
  /** The server has another version of the site than this page. */
  newVersion: boolean;
  /** The model that served when the page was last open: on its way back, or why it is not. */
  restoring: { model: string; state: 'loading' | 'given up'; why: string | null } | null;
}

export interface Percentiles {
  p50: number;
  p95: number;
  n: number;
}

export interface Overhead {
  direct_ms: Percentiles;
  restful_ms: Percentiles | null;
}

/** Calls per mode for one measurement; the endpoint answers without work. */
const OVERHEAD_CALLS = 40;

export interface SendOptions extends CallOptions {
  mode?: Mode;
  onEvent?: (event: ServerEvent) => void;
  /** Whoever shows the answer once, and keeps none of it, gets its secrets too. */
  withSecrets?: boolean;
}

export class PageClient extends Client {
  #health: Health = {
    worker: 'starting',
    starts: 0,
    silence: null,
    leftOut: [],
    failure: null,
    restful: 'starting',
    reason: null,
    revived: 0,
    isolated: globalThis.crossOriginIsolated,
    threads: 1,
    streamingBody: true,
    newVersion: false,
    restoring: null,
  };
  readonly #port: PortClient;
  /** Code that is patched now; beside the health, since it changes amid calls, and few look at it. */
  readonly patched = new Observable<readonly PatchName[]>([]);

  /** @param access the one switch that asks callers of the RESTful transport for tokens */
  constructor(
    port: PortClient,
    readonly access: PageAccess,
  ) {
    super({ direct: port, restful: null });
    this.#port = port;
  }

  /** A new object after every change. */
  get health(): Readonly<Health> {
    return this.#health;
  }

  updateHealth(change: Partial<Health>): void {
    this.#health = { ...this.#health, ...change };
    this.changed();
  }

  /** The RESTful transport came up: calls go through it from now on. */
  attachRestful(transport: FetchClient): void {
    this.transports.restful = transport;
    this.updateHealth({ restful: 'ready' });
    this.enableRestfulMode(true);
  }

  /** One call with everything there is to see of it; never rejects. */
  async send(
    service: string,
    operation: string,
    input: object | undefined,
    { mode = this.mode, withSecrets = false, ...options }: SendOptions = {},
  ): Promise<Exchange> {
    const route = routes.find((candidate) => candidate.service === service && candidate.operation === operation);
    if (!route) throw new ApiError('not_found', `No operation "${operation}" in service "${service}".`);
    const exchange =
      mode === 'restful' && this.transports.restful
        ? await restfulExchange(this.transports.restful as FetchClient, route, input, options)
        : await directExchange(this.#port, route, input, options);
    if (withSecrets || !holdsSecrets(route.endpoint) || !exchange.ok) return exchange;
    const { body_text: _, ...seen } = exchange;
    return { ...seen, data: withoutSecrets(route.endpoint, exchange.data) };
  }

  /** Round trips of a call that does nothing, in both modes, in turn. */
  async measureOverhead(): Promise<Overhead> {
    const route = routes.find(({ service, operation }) => service === 'tokenizer' && operation === 'info') as Route;
    const { direct, restful } = this.transports;
    const samples = { direct: [] as number[], restful: [] as number[] };
    const time = async (transport: typeof direct, into: number[]) => {
      const start = performance.now();
      await transport.call(route, {});
      into.push(performance.now() - start);
    };
    for (let i = 0; i < OVERHEAD_CALLS; i++) {
      await time(direct, samples.direct);
      if (restful) await time(restful, samples.restful);
    }
    return { direct_ms: percentiles(samples.direct), restful_ms: restful ? percentiles(samples.restful) : null };
  }
}

function percentiles(samples: number[]): Percentiles {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), n: sorted.length };
}
