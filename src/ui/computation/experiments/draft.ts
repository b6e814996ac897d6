/** An experiment as it is being put together, and the input that it makes. */
import { contract, inputDefaults, invalidInput } from '../../../contract/index.ts';
import { DEFAULT_DRAFT as WORKLOAD_DRAFT, type Draft as WorkloadDraft, withWorkload, workloadOf } from '../../kit/workload/draft.ts';
import type { ExperimentInput, GridValue } from './experiment.ts';
import { defaultOf, faultIn, gridPath, NO_VALUES, PLAN_FIELDS, type PlanField, planField, readValues } from './plan-fields.ts';

/** A field with the values that it goes through; with one value it is fixed. */
export interface FieldValues {
  field: PlanField;
  values: readonly GridValue[];
  /** What stands in the field where that is no list of values. */
  written?: string;
}

/** `null`: left out. */
export interface ExperimentDraft {
  name: string;
  /** A kept plan; `null`: the defaults of the contract. */
  planId: string | null;
  rows: readonly FieldValues[];
  workload: WorkloadDraft | null;
  sloTtftMs: number | null;
  sloTpotMs: number | null;
  sloE2eMs: number | null;
  text: string;
  repeats: number;
  warmup: number;
  seed: number;
  maxRunMs: number;
}

const defaults = inputDefaults(contract.computation.endpoints.runExperiment.input) as {
  repeats: number;
  warmup: number;
  seed: number;
  max_run_ms: number;
};

export const EMPTY_DRAFT: ExperimentDraft = {
  ...{ name: '', planId: null, rows: [], workload: null, sloTtftMs: null, sloTpotMs: null, sloE2eMs: null, text: '' },
  repeats: defaults.repeats,
  warmup: defaults.warmup,
  seed: defaults.seed,
  maxRunMs: defaults.max_run_ms,
};

/** The form of a workload begins small: each combination of the grid serves it whole. */
export const newWorkload = (): WorkloadDraft => ({ ...WORKLOAD_DRAFT, numbers: { ...WORKLOAD_DRAFT.numbers, num_requests: 12 } });

/** @throws ApiError validation_failed at the field, for what the form itself can tell is wrong */
export function inputOf(draft: ExperimentDraft): ExperimentInput {
  const faults = draft.rows.flatMap(({ field, values, written }) => {
    const fault = written === undefined ? (values.length === 0 ? NO_VALUES : null) : faultIn(readValues(planField(field), written));
    return fault === null ? [] : [{ path: gridPath(field), message: fault }];
  });
  if (faults.length > 0) throw invalidInput(faults);
  const { rows } = draft;
  // A kept plan takes no changes beside it, but a grid of one value is as good.
  const isFixed = ({ values }: FieldValues): boolean => draft.planId === null && values.length === 1;
  const plan = Object.fromEntries(rows.filter(isFixed).map(({ field, values }) => [field, values[0]]));
  const grid = Object.fromEntries(rows.filter((row) => !isFixed(row)).map(({ field, values }) => [field, [...values]]));
  const slo = {
    ...(draft.sloTtftMs !== null && { ttft_ms: draft.sloTtftMs }),
    ...(draft.sloTpotMs !== null && { tpot_ms: draft.sloTpotMs }),
    ...(draft.sloE2eMs !== null && { e2e_ms: draft.sloE2eMs }),
  };
  return {
    name: nameOf(draft),
    ...(draft.planId !== null && { plan_id: draft.planId }),
    ...(Object.keys(plan).length > 0 && { plan }),
    ...(Object.keys(grid).length > 0 && { grid }),
    ...(draft.workload && { workload: workloadOf(draft.workload) }),
    ...(Object.keys(slo).length > 0 && { slo }),
    ...(draft.text !== '' && { text: draft.text }),
    ...{ repeats: draft.repeats, warmup: draft.warmup, seed: draft.seed, max_run_ms: draft.maxRunMs },
  };
}

/** The one given, or what it varies. */
export function nameOf({ name, planId, rows }: Pick<ExperimentDraft, 'name' | 'planId' | 'rows'>): string {
  const varied = rows.filter(({ values }) => values.length > 1).map(({ field }) => field);
  return name.trim() || varied.join(' × ') || `plan ${planId ?? 'default'}`;
}

/** The other way round, so that an earlier experiment can be changed and run anew. */
export function draftOf(input: ExperimentInput): ExperimentDraft {
  const { plan = {}, grid = {}, slo = {}, workload } = input;
  const isField = (name: string): name is PlanField => (PLAN_FIELDS as readonly string[]).includes(name);
  const varied = Object.entries(grid).flatMap(([field, values]) => (isField(field) && values ? [{ field, values }] : []));
  const fixed = Object.entries(plan).flatMap(([field, value]) =>
    isField(field) && value !== undefined && !(field in grid) && JSON.stringify(value) !== JSON.stringify(defaultOf(field))
      ? [{ field, values: [value as GridValue] }]
      : [],
  );
  return {
    name: input.name ?? '',
    planId: input.plan_id ?? null,
    rows: [...varied, ...fixed],
    workload: workload ? withWorkload(newWorkload(), workload) : null,
    sloTtftMs: slo.ttft_ms ?? null,
    sloTpotMs: slo.tpot_ms ?? null,
    sloE2eMs: slo.e2e_ms ?? null,
    text: input.text ?? '',
    repeats: input.repeats ?? EMPTY_DRAFT.repeats,
    warmup: input.warmup ?? EMPTY_DRAFT.warmup,
    seed: input.seed ?? EMPTY_DRAFT.seed,
    maxRunMs: input.max_run_ms ?? EMPTY_DRAFT.maxRunMs,
  };
}

/** `2 kernel × 4 seq_len × 3 repeats`. */
export function productText({ rows, repeats }: Pick<ExperimentDraft, 'rows' | 'repeats'>): string {
  const factors = rows.filter(({ values }) => values.length > 1).map(({ field, values }) => `${values.length} ${field}`);
  if (repeats > 1) factors.push(`${repeats} repeats`);
  return factors.join(' × ');
}
