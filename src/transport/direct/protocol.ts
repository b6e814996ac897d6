/** The messages between page and worker. `http` carries whole requests of the RESTful transport, so that one port serves both. */
import type { Problem } from '../../contract/index.ts';
import type { ServerEvent } from '../transport.ts';

export interface WireRequest {
  /** Path and query below the site's base, starting with `/api`. */
  url: string;
  method: string;
  headers: [string, string][];
  body: ArrayBuffer | null;
}

export interface WireResponse {
  status: number;
  headers: [string, string][];
  body: ArrayBuffer | ReadableStream<Uint8Array> | null;
}

export type ToWorker =
  | { kind: 'call'; id: number; service: string; operation: string; input: unknown }
  | { kind: 'http'; id: number; request: WireRequest }
  | { kind: 'abort'; id: number };

export type ToPage =
  | { kind: 'result'; id: number; data: unknown; timings: Record<string, number> }
  | { kind: 'problem'; id: number; problem: Problem }
  | { kind: 'event'; id: number; event: ServerEvent }
  | { kind: 'end'; id: number }
  | { kind: 'response'; id: number; response: WireResponse };
