/** A step of the engine, or of the simulation, as the wire tells it. */
import type { Output } from '../../contract/index.ts';
import type { Decision, StepRecord } from '../../engine/index.ts';

type ScheduledStep = Output<'scheduler', 'queue'>['steps'][number];

/** @param startMs what the step's times are relative to, on the clock of its records */
export function describeStep(record: StepRecord, startMs: number): ScheduledStep {
  const { features } = record;
  return {
    step: record.step,
    start_ms: record.startMs - startMs,
    end_ms: record.endMs - startMs,
    run_ms: record.runMs,
    features: {
      batch_size: features.batchSize,
      prefill_tokens: features.prefillTokens,
      decode_tokens: features.decodeTokens,
      context_tokens: features.contextTokens,
      attended_pairs: features.attendedPairs,
      moved_blocks: features.movedBlocks,
    },
    decisions: record.decisions.map(describeDecision),
    waiting: record.numWaiting,
    running: record.numRunning,
    swapped: record.numSwapped,
    free_blocks: record.freeBlocks,
    cached_blocks: record.cachedBlocks,
    used_blocks: record.referencedBlocks,
    error: record.error,
  };
}

function describeDecision(decision: Decision): ScheduledStep['decisions'][number] {
  const { step, requestId, index, action, tokens, rule, constraint, passedOver } = decision;
  return {
    step,
    request_id: requestId,
    index,
    action,
    tokens,
    rule,
    constraint: constraint && { ...constraint },
    passed_over: [...passedOver],
  };
}
