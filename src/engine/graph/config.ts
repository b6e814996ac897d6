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
  /** The offset is added to the weights of norms: Gemma's file holds what is to be added to 1. */
  norm: { kind: NormKind; epsilon: number; offset: number };
  activation: Activation;
  /** The embedding table is also the output projection. */
  tieWordEmbeddings: boolean;
  /** Which linear layers have biases. */
  bias: { qkv: boolean; output: boolean; mlp: boolean };
  /** Factor on token embeddings. */
  embeddingScale: number;
  /** Factor on what attention and MLP add to the residual stream. */
  residualScale: number;
  /** Logits are multiplied by the scale, then kept within ± the soft cap; null: no bound. */
  logits: { scale: number; softCap: number | null };
  /** RMSNorm over each head of q and k (Qwen 3, Gemma 3). */
  qkNorm: boolean;
  /** What attention and MLP give goes through norms before it is added to the residual stream (Gemma 2). */
  postNorms: boolean;
  /** Attention and MLP read the same stream, and the layer adds both (GPT-NeoX); otherwise the MLP reads what attention has added to. */
  parallelResidual: boolean;
  layers: readonly LayerConfig[];
}

/** What attention needs to know about its layer. */
export interface LayerConfig {
  /** From 0. */
  index: number;
  numHeads: number;
  numKvHeads: number;
  headDim: number;
  /** Factor on attention scores. */
  scale: number;
  /** Attention scores are kept within ± this before the softmax (`g.softCap`); null: no bound. */
  softCap: number | null;
  /** How many keys a query sees, itself included; null: all. */
  slidingWindow: number | null;
  /** Null where positions are learned embeddings. */
  rope: Rope | null;
}
