/** The messages between page and worker. `http` carries whole requests of the RESTful transport, so that one port serves both. */
import type { Problem, Scope } from '../../contract/index.ts';
import type { Work } from '../../environment/work.ts';
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
  /** `stream`: it comes as `chunk` messages, until `end` or a `problem`. */
  body: ArrayBuffer | 'stream' | null;
}

export type ToWorker =
  | { kind: 'call'; id: number; service: string; operation: string; input: unknown; scopes?: readonly Scope[] }
  | { kind: 'http'; id: number; request: WireRequest }
  | { kind: 'abort'; id: number }
  /** Calls that wait for an answer: those that the worker does not know never arrived. */
  | { kind: 'roll'; id: 0; ids: number[] }
  /** Nobody reads the body any more. */
  | { kind: 'leave'; id: number };

export type ToPage =
  /** A message came that can't be read, not even whose it is. */
  | { kind: 'unreadable'; id: 0 }
  | { kind: 'result'; id: number; data: unknown; timings: Record<string, number> }
  | { kind: 'problem'; id: number; problem: Problem }
  | { kind: 'event'; id: number; event: ServerEvent }
  | { kind: 'end'; id: number }
  | { kind: 'response'; id: number; response: WireResponse }
  | { kind: 'chunk'; id: number; bytes: Uint8Array }
  /** Of a call that answers once: what it has made so far, kept in case that it never answers. */
  | { kind: 'note'; id: number; event: ServerEvent };

/** Beside the calls: whether the worker lives. It answers a ping before it asks any service. */
export type PulseToWorker = { kind: 'ping' };
export type PulseToPage =
  | { kind: 'pong' }
  /** Null: nothing that it would tell of. */
  | { kind: 'doing'; work: Work | null };
