/** What others use of the engine. */
export { Engine } from './engine.ts';
export type { Allocation } from './allocations.ts';
export type { EngineOptions, Recovery } from './engine-state.ts';
export type { Unfinished } from './recovery.ts';
export type { EngineStats, MemoryMap, MemoryStats } from './stats.ts';
export { checkConfig, DEFAULT_CONFIG } from './config.ts';
export type { EngineConfig, MemoryStrategy, PreemptionMode, ScheduleMode } from './config.ts';
export { currentWork } from './current-work.ts';
export type { Action, Constraint, ConstraintName, Decision, StepFeatures, StepRecord } from './decision.ts';
export * from './errors.ts';
export type { EngineEvent, EngineListener } from './events.ts';
export type { CachedBlock, EvictionSource } from './eviction.ts';
export type {
  CancelResult,
  Completion,
  Generation,
  GenerationRequest,
  GenerationResult,
  GenerationStatus,
  GenerationTimings,
  OnToken,
  TokenEvent,
} from './generation.ts';
export type { BatchRow, Capture, KvPool, ModelRunner, ModelShape, RunOptions, RunResult, Tap } from './model-runner.ts';
export { PolicyParameterError, policyParameters } from './policy.ts';
export type { Policy, PolicyParameter, PolicySource, RequestView } from './policy.ts';
export { randomAt, tokenLogprob } from './sampler.ts';
export type { SamplingContext, SamplingFunction } from './sampler.ts';
export { DEFAULT_SAMPLING } from './sequence.ts';
export type { FinishReason, SamplingParams, SequenceState, TokenLogprob } from './sequence.ts';
export { MemoryBlockStore } from './tiers.ts';
export type { BlockStore, Tier, TierStats } from './tiers.ts';
