/** What a file per architecture provides: its config, its tensors, its layers. What all have in common is in `model-graph.ts`. */
import type { ConfigFields } from './config-fields.ts';
import type { ModelConfig } from './config.ts';
import type { LayerContext } from './layer-context.ts';
import type { Value } from './value.ts';

/** Name and shape. */
export type Parameter = readonly [name: string, shape: readonly number[]];

/** Tensors outside the layers, and what the names of those inside begin with. */
export interface TensorNames {
  /** Leading part of tensor names that some checkpoints leave out. */
  prefix: string;
  /** The embedding table, which is also the output projection where the two are tied. */
  embedding: string;
  /** The output projection where it has a tensor of its own. */
  head: string;
  /** Learned positions, added to the embeddings. */
  positions?: string;
  /** The norm after the last layer, whose tensors are `<name>.weight` and, for LayerNorm, `<name>.bias`. */
  finalNorm: string;
  layer(index: number): string;
}

export interface Architecture {
  /** As `ModelConfig.architecture` has it. */
  name: string;
  /** Values of `model_type` that mean this architecture. */
  modelTypes: readonly string[];
  /** The classes of transformers that compute the same. */
  causalClasses: readonly string[];
  /** As in the published checkpoints, with the prefix. */
  names: TensorNames;
  parse(fields: ConfigFields, modelType: string): ModelConfig;
  /** What the weights of one layer must hold, named from the layer's own name on. */
  layerTensors(config: ModelConfig): Parameter[];
  /** Emits one layer. @param x the residual stream, [B * T, C] @returns the stream after the layer */
  emitLayer(m: LayerContext, x: Value): Value;
}

/** The tensors of a linear layer as Hugging Face stores it. */
export const linear = (name: string, outputs: number, inputs: number, hasBias: boolean): Parameter[] => [
  [`${name}.weight`, [outputs, inputs]],
  ...(hasBias ? [[`${name}.bias`, [outputs]] as const] : []),
];

/** The tensors of a norm over `size` components. */
export const norm = (name: string, size: number, kind: ModelConfig['norm']['kind']): Parameter[] => [
  [`${name}.weight`, [size]],
  ...(kind === 'layer_norm' ? [[`${name}.bias`, [size]] as const] : []),
];
