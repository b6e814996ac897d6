/** What the client knows of a transport: a call, a stream, and for the explorer the whole exchange. */
import { ApiError, type Envelope, type Problem, type Route, type Scope } from '../contract/index.ts';

export interface ServerEvent {
  event: string;
  data: unknown;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Over REST, in place of the client's own; `null`: none. */
  token?: string | null;
  /** With no more than these; left out: all that the caller has. */
  scopes?: readonly Scope[];
}

export interface Transport {
  /** Resolves with `data`; rejects with `ApiError`. */
  call(route: Route, input: object | undefined, options?: CallOptions): Promise<unknown>;
  /** The whole answer, where the transport has one around the data. Rejects with `ApiError`. */
  envelope?(route: Route, input: object | undefined, options?: CallOptions): Promise<Envelope<unknown>>;
  /** Events of a call with `"stream": true`. Ends, or throws `ApiError`. */
  stream(route: Route, input: object | undefined, options?: CallOptions): AsyncIterable<ServerEvent>;
}

/** Of a call whose answer is a stream of events, on every transport. */
export const streamsInstead = ({ path }: Route): ApiError =>
  new ApiError('validation_failed', `${path} streams with this input; use \`stream\`.`);

/** Of a stream whose answer is none. */
export const doesNotStream = ({ path }: Route): ApiError => new ApiError('validation_failed', `${path} does not stream.`);

/** Everything that could be seen of one call. */
export interface Exchange {
  mode: 'restful' | 'direct';
  status: number;
  ok: boolean;
  headers: [string, string][];
  data?: unknown;
  problem?: Problem;
  metadata?: unknown;
  events?: ServerEvent[];
  /** The body as it came; in direct mode there is none. */
  body_text?: string;
  body_bytes: number;
  /** Milliseconds by phase, on both sides. */
  timings: Record<string, number>;
  started_at: string;
  duration_ms: number;
}
