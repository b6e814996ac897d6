/** A model folder in memory: what loaders give and what the graph is built from. */

export type WeightDtype = 'F32' | 'F16' | 'BF16';

export interface WeightTensor {
  dtype: WeightDtype;
  shape: readonly number[];
  /** Little-endian bytes of the tensor, a view into its file's buffer. */
  bytes: Uint8Array;
}

/** A ready-made graph instead of weights. */
export interface OpaqueGraph {
  /** Name of the file, for messages. */
  file: string;
  bytes: Uint8Array;
  /** The file of weights beside it, where there is one. */
  externalData: { path: string; data: Uint8Array } | null;
}

/** A Hugging Face layout folder, parsed. Nothing in it was checked against the architecture yet. */
export interface ModelFolder {
  /** Repository name, folder name or `default`. */
  id: string;
  /** Where it came from, for people: a URL, `hub:owner/name@revision`, `upload`, `bundled:default`. */
  source: string;
  config: Record<string, unknown>;
  generationConfig: Record<string, unknown> | null;
  tokenizerJson: Record<string, unknown> | null;
  tokenizerConfig: Record<string, unknown> | null;
  tensors: ReadonlyMap<string, WeightTensor>;
  /** SHA-256 (hex) over the weight files. */
  hash: string;
  /** Bytes of the weight files. */
  bytes: number;
  fromCache: boolean;
  /** Set where the folder holds an ONNX model and no safetensors; there are no tensors then. */
  graph?: OpaqueGraph;
}
