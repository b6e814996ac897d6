/** The cost model of a simulation: given, fitted to the steps that this device really took, or a rough default. */
import type { Output, ParsedInput } from '../../contract/index.ts';
import type { StepRecord } from '../../engine/index.ts';
import { type CostModel, fitCostModel, measurements } from '../../engine/workload/cost-model.ts';

type CostModelUsed = NonNullable<Output<'scheduler', 'schedule'>['cost_model']>;
type WireModel = NonNullable<ParsedInput<'scheduler', 'schedule'>['cost_model']>;

/** Fewer real steps than this make no model. */
const LEAST_STEPS = 24;

/** The order of magnitude of a small model on WASM; only until there are real steps. */
const ROUGH: CostModel = {
  baseMs: 2,
  msPer: { batchSize: 0.4, prefillTokens: 0.25, contextTokens: 0.0005, attendedPairs: 0.00005, movedBlocks: 0.05 },
};

export function costModelFor(given: WireModel | undefined, history: readonly StepRecord[]): { model: CostModel; used: CostModelUsed } {
  if (given)
    return { model: fromWire(given), used: { source: 'given', model: given, fitted_steps: 0, mean_absolute_percentage_error: null } };
  const steps = measurements(history);
  if (steps.length < LEAST_STEPS)
    return {
      model: ROUGH,
      used: { source: 'default', model: toWire(ROUGH), fitted_steps: steps.length, mean_absolute_percentage_error: null },
    };
  const { model, error } = fitCostModel(steps);
  const meanMs = steps.reduce((sum, { durationMs }) => sum + durationMs, 0) / steps.length;
  return {
    model,
    used: {
      source: 'fitted',
      model: toWire(model),
      fitted_steps: steps.length,
      mean_absolute_percentage_error: meanMs > 0 ? (100 * error.meanAbsoluteMs) / meanMs : null,
    },
  };
}

const fromWire = (wire: WireModel): CostModel => ({
  baseMs: wire.base_ms,
  msPer: {
    batchSize: wire.ms_per_sequence,
    prefillTokens: wire.ms_per_prefill_token,
    contextTokens: wire.ms_per_context_token,
    attendedPairs: wire.ms_per_attended_pair,
    movedBlocks: wire.ms_per_moved_block,
  },
});

const toWire = ({ baseMs, msPer }: CostModel): WireModel => ({
  base_ms: baseMs,
  ms_per_sequence: msPer.batchSize,
  ms_per_prefill_token: msPer.prefillTokens,
  ms_per_context_token: msPer.contextTokens,
  ms_per_attended_pair: msPer.attendedPairs,
  ms_per_moved_block: msPer.movedBlocks,
});
