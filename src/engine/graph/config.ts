/** A model's numbers, normalised from `config.json`: one form for every architecture, no optional fields. */
import type { Activation } from './elementwise-ops.ts';
import type { Rope } from './rope.ts';

export interface ModelConfig {
  architecture: 'llama' | 'qwen2' | 'qwen3' | 'gpt2';
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
  normEpsilon: number;
  activation: Activation;
  /** The embedding table is also the output projection. */
  tieWordEmbeddings: boolean;
  /** Which linear layers have biases. */
  bias: { qkv: boolean; output: boolean; mlp: boolean };
  /** RMSNorm over each head of q and k (Qwen 3). */
  qkNorm: boolean;
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
