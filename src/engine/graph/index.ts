/** The graph builder's public face: what fragments are written against and what runtimes build models with. */
export type { Architecture } from './architecture.ts';
export type { AttentionInputs } from './attention-inputs.ts';
export type { LayerConfig, ModelConfig } from './config.ts';
export type { Activation, Operand } from './elementwise-ops.ts';
export { ConfigError, GraphError, type WeightProblem, WeightsError } from './errors.ts';
export type {
  AttentionFragment,
  MlpFragment,
  MlpInputs,
  ModelFragments,
  NormFragment,
  NormInputs,
  PositionFragment,
  PositionInputs,
} from './fragments.ts';
export { type FusedAttention, Graph, type Linear } from './graph.ts';
export { type HookPoint, hookPoints } from './hook-points.ts';
export { tapInputs } from './taps.ts';
export type { KvForm } from './kv-inputs.ts';
export { buildModelGraph, type ModelGraph, type ModelGraphOptions } from './model-graph.ts';
export { parseConfig } from './parse-config.ts';
export type { Rope, RopeScaling } from './rope.ts';
export type { Dim, Dtype, Shape, Value } from './value.ts';
export { type ExpectedTensor, expectedTensors, type VerifiedTensor, type VerifiedWeights, verifyWeights } from './verify-weights.ts';
export { type WeightIndex, type WeightLocation, weightPlaceholders } from './weight-values.ts';
