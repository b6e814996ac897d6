/** What the engine asks of a runtime: run a ragged batch over a paged KV pool. Implemented in `platform/` by onnxruntime-web and by the slow reference. */

/** The numbers of a model that the engine and the memory plan need. */
export interface ModelShape {
  vocabSize: number;
  maxPositionEmbeddings: number;
  numLayers: number;
  numKvHeads: number;
  headDim: number;
}

/** One sequence's part in a step: `tokenIds` are computed on top of `past` tokens whose keys and values lie in the pool. */
export interface BatchRow {
  /** New tokens, at least one. */
  tokenIds: ArrayLike<number>;
  /** Tokens of this sequence already in the pool; the first new token has this position. */
  past: number;
  /** Physical blocks in order; covers `past + tokenIds.length` tokens. `null`: compute with no past and keep no keys and values. */
  blockTable: readonly number[] | null;
  /** For which of the new tokens logits are wanted. */
  logits: 'none' | 'last' | 'all';
}

export interface RunOptions {
  /** Hook points whose values are wanted, such as `hidden_states.0` and `attentions.3`. Rows must have `blockTable: null`. */
  capture?: readonly string[];
  /** Changes of values on their way. Rows must have `blockTable: null`. */
  taps?: readonly Tap[];
}

/** Changes the value x of a hook point in one row to `x * scale + offset`; captures see what comes of it. At most one per hook point and row. */
export interface Tap {
  hookPoint: string;
  /** Index into the rows of the step. */
  row: number;
  /** As large as the row's value, [T, C] or [T, heads, D]; made when the row's turn comes. */
  change(): { scale: Float32Array; offset: Float32Array };
}

/** A captured value of one row. */
export interface Capture {
  shape: readonly number[];
  data: Float32Array;
}

export interface RunResult {
  /** Per row `[n, V]` row-major, n = 0, 1 or T as asked. */
  logits: Float32Array[];
  /** Per row, by hook point. Hidden states are [T, H]; attention maps [heads, T, T]. */
  captures: Map<string, Capture>[];
  /** Milliseconds inside the runtime, for the share of JavaScript in a step. */
  runMs: number;
}

export interface ModelRunner {
  readonly shape: ModelShape;
  readonly pool: KvPool;
  /** Steps are serialised by the runner. Writes the new tokens' keys and values into the pool before it resolves. */
  run(rows: readonly BatchRow[], options?: RunOptions): Promise<RunResult>;
  dispose(): Promise<void>;
}

/** Block storage for keys and values of all layers. Who owns which block is the block manager's business, not the pool's. */
export interface KvPool {
  readonly numBlocks: number;
  /** Tokens per block. */
  readonly blockSize: number;
  /** Bytes of one block: 2 × layers × KV heads × block size × head dim × bytes per element. */
  readonly blockBytes: number;
  /** Copies a whole block (copy-on-write). */
  copyBlock(from: number, to: number): void | Promise<void>;
  /** A block's bytes, for a lower tier. */
  readBlock(block: number): Promise<Uint8Array<ArrayBuffer>>;
  writeBlock(block: number, bytes: Uint8Array): void | Promise<void>;
}
