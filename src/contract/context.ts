/** What travels with a call besides its input. */
import type { Principal } from './scope.ts';

/** The part the model took in a call; it ends up in the response's metadata. */
export interface ModelMetadata {
  model_id: string;
  execution_provider: string;
  weights_hash: string;
  /** Content hashes of the active patched code, by resource id. */
  code_revisions: Record<string, string>;
}

export interface CallContext {
  readonly requestId: string;
  readonly mode: 'restful' | 'direct';
  /** Who calls; left out: the host itself, which may do everything. */
  readonly principal?: Principal;
  /** Aborted when the caller goes away (direct mode; over REST an abort does not reach the handler). */
  readonly signal?: AbortSignal;
  /** Milliseconds spent in named phases; services may add theirs. */
  readonly timings: Record<string, number>;
  model?: ModelMetadata;
  /** Of a call that streams: sends an event at once, ahead of those that are read, also when the caller's thread then computes without end. */
  readonly emit?: (event: { event: string; data: unknown }) => void;
  /** Of a call that answers once: what it has made so far, in case that it never answers. */
  readonly note?: (event: { event: string; data: unknown }) => void;
}
