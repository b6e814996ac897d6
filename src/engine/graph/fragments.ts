/** The pieces of a model that can be replaced: what each is given and what it returns. Their sources lie in `patchable/model/`. */
import type { AttentionInputs } from './attention-inputs.ts';
import type { LayerConfig, NormKind } from './config.ts';
import type { Activation } from './elementwise-ops.ts';
import type { Graph, Linear } from './graph.ts';
import type { Rope } from './rope.ts';
import type { Value } from './value.ts';

/** Attention of one layer: [B, T, H * D], with the probabilities [B, H, T, S] when `wantProbabilities` is set. */
export type AttentionFragment = (g: Graph, inputs: AttentionInputs) => Value | { output: Value; probabilities: Value };

export interface MlpInputs {
  /** [N, C], N = B * T */
  x: Value;
  /** [I, C]; null where the architecture has no gate */
  gate: Linear | null;
  /** [I, C] */
  up: Linear;
  /** [C, I] */
  down: Linear;
  activation: Activation;
  layer: LayerConfig;
}

/** The feed-forward part of a layer: [N, C]. */
export type MlpFragment = (g: Graph, inputs: MlpInputs) => Value;

export interface NormInputs {
  /** […, C] */
  x: Value;
  /** [C] */
  weight: Value;
  /** [C]; null for RMSNorm */
  bias: Value | null;
  epsilon: number;
  kind: NormKind;
}

/** Normalisation over the last axis, of the shape of `x`. */
export type NormFragment = (g: Graph, inputs: NormInputs) => Value;

export interface PositionInputs {
  /** [B, T, H, D] */
  q: Value;
  /** [B, T, Hkv, D] */
  k: Value;
  /** Of each new token in its sequence, from 0. [B, T] int32 */
  positions: Value;
  /** Null where positions are learned embeddings, which the architecture has added already. */
  rope: Rope | null;
  layer: LayerConfig;
}

/** Puts positions into queries and keys, before keys go to the cache. Shapes stay. */
export type PositionFragment = (g: Graph, inputs: PositionInputs) => { q: Value; k: Value };

export interface ModelFragments {
  attention: AttentionFragment;
  mlp: MlpFragment;
  norm: NormFragment;
  position: PositionFragment;
}
