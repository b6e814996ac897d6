/** What travels with a call besides its input. */

/** The part the model took in a call; it ends up in the response's metadata. */
export interface ModelMetadata {
  model_id: string;
  execution_provider: string;
  weights_hash: string;
  /** Content hashes of the patched code in force, by resource id. */
  code_revisions: Record<string, string>;
}

export interface CallContext {
  readonly requestId: string;
  readonly mode: 'restful' | 'direct';
  /** Aborted when the caller goes away (direct mode; over REST an abort does not reach the handler). */
  readonly signal?: AbortSignal;
  /** Milliseconds spent in named phases; services may add theirs. */
  readonly timings: Record<string, number>;
  model?: ModelMetadata;
}
