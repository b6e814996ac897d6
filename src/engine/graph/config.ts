/** A model's numbers, normalised from `config.json`: one form for every architecture, no optional fields. */
import type { Activation } from './elementwise-ops.ts';
import type { Rope } from './rope.ts';

export type NormKind = 'rms_norm' | 'layer_norm';

export interface ModelConfig {
  /** Its name in the registry. */
  architecture: string;
  /** As in config.json: `mistral` has the architecture `llama`. */
  modelType: string;
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  numLayers: number;
  numHeads: number;
  numKvHeads: number;
  headDim: number;
  maxPositionEmbeddings: number;
  norm: { kind: NormKind; epsilon: number };
  activation: Activation;
  /** The embedding table is also the output projection. */
  tieWordEmbeddings: boolean;
  /** Which linear layers have biases. */
  bias: { qkv: boolean; output: boolean; mlp: boolean };
  /** RMSNorm over each head of q and k (Qwen 3). */
  qkNorm: boolean;
  /** Attention and MLP read the same stream, and the layer adds both (GPT-NeoX); otherwise the MLP reads what attention has added to. */
  parallelResidual: boolean;
  /** Null where positions are learned embeddings. */
  rope: Rope | null;
  layers: readonly LayerConfig[];
}

/** What an attention fragment needs to know about its layer. */
export interface LayerConfig {
  /** From 0. */
  index: number;
  numHeads: number;
  numKvHeads: number;
  headDim: number;
  /** Factor on attention scores. */
  scale: number;
  /** How many keys a query sees, itself included; null: all. */
  slidingWindow: number | null;
}
