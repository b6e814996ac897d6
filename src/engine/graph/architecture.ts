/** What a file per architecture provides: its config, its tensors, its graph. */
import type { ConfigFields } from './config-fields.ts';
import type { ModelConfig } from './config.ts';
import type { ModelContext } from './model-context.ts';
import type { Value } from './value.ts';

/** A tensor that the weights must hold. */
export interface ExpectedTensor {
  /** As in the published checkpoints, with the prefix. */
  name: string;
  shape: readonly number[];
  /** Null outside the layers. */
  layer: number | null;
}

export interface Architecture {
  /** As `ModelConfig.architecture` has it. */
  name: string;
  /** Values of `model_type` that mean this architecture. */
  modelTypes: readonly string[];
  /** The classes of transformers that compute the same. */
  causalClasses: readonly string[];
  /** Leading part of tensor names that some checkpoints leave out. */
  prefix: string;
  /** The tensor of the embedding table, which is also the output projection where the two are tied. */
  embedding: string;
  /** The tensor of the output projection where it has one of its own. */
  head: string;
  parse(fields: ConfigFields, modelType: string): ModelConfig;
  expectedTensors(config: ModelConfig): ExpectedTensor[];
  /** Emits embedding and layers. @returns the hidden states after the final norm, [B * T, C] */
  emit(context: ModelContext): Value;
}
