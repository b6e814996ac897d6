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
  name: ModelConfig['architecture'];
  /** Values of `model_type` that mean this architecture. */
  modelTypes: readonly string[];
  /** The classes of transformers that compute the same. */
  causalClasses: readonly string[];
  /** Leading part of tensor names that some checkpoints leave out. */
  prefix: string;
  parse(fields: ConfigFields, modelType: string): ModelConfig;
  expectedTensors(config: ModelConfig): ExpectedTensor[];
  /** Emits embedding and layers. @returns the hidden states after the final norm, [B * T, C] */
  emit(context: ModelContext): Value;
}
