/** An experiment as it is being put together, and the input that it makes. */
import { contract, inputDefaults, invalidInput } from '../../../contract/index.ts';
import { NEW_WORKLOAD, withWorkload, type WorkloadDraft, workloadOf } from '../../kit/workload/draft.ts';
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
  text: string;
  measured: Measured;
}

/** How it is measured, and what counts as good. */
type Measured = Record<'repeats' | 'warmup' | 'seed' | 'max_run_ms', number> & Pick<ExperimentInput, 'slo'>;

export const EXPERIMENT = contract.computation.endpoints.runExperiment.input;

const { repeats, warmup, seed, max_run_ms } = inputDefaults(EXPERIMENT) as Measured;

export const EMPTY_DRAFT: ExperimentDraft = {
  ...{ name: '', planId: null, rows: [], workload: null, text: '' },
  measured: { repeats, warmup, seed, max_run_ms },
};

/** The form of a workload begins small: each combination of the grid serves it whole. */
export const newWorkload = (): WorkloadDraft => ({ ...NEW_WORKLOAD, fields: { ...NEW_WORKLOAD.fields, num_requests: 12 } });

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
  return {
    name: nameOf(draft),
    ...(draft.planId !== null && { plan_id: draft.planId }),
    ...(Object.keys(plan).length > 0 && { plan }),
    ...(Object.keys(grid).length > 0 && { grid }),
    ...(draft.workload && { workload: workloadOf(draft.workload) }),
    ...(draft.text !== '' && { text: draft.text }),
    ...draft.measured,
  };
}

/** The one given, or what it varies. */
export function nameOf({ name, planId, rows }: Pick<ExperimentDraft, 'name' | 'planId' | 'rows'>): string {
  const varied = rows.filter(({ values }) => values.length > 1).map(({ field }) => field);
  return name.trim() || varied.join(' × ') || `plan ${planId ?? 'default'}`;
}

/** The other way round, so that an earlier experiment can be changed and run anew. */
export function draftOf(input: ExperimentInput): ExperimentDraft {
  const { plan = {}, grid = {}, workload, text = '', slo } = input;
  const { measured } = EMPTY_DRAFT;
  const { repeats = measured.repeats, warmup = measured.warmup, seed = measured.seed, max_run_ms = measured.max_run_ms } = input;
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
    text,
    measured: { repeats, warmup, seed, max_run_ms, ...(slo && { slo }) },
  };
}

/** `2 kernel × 4 seq_len × 3 repeats`. */
export function productText({ rows, measured: { repeats } }: Pick<ExperimentDraft, 'rows' | 'measured'>): string {
  const factors = rows.filter(({ values }) => values.length > 1).map(({ field, values }) => `${values.length} ${field}`);
  if (repeats > 1) factors.push(`${repeats} repeats`);
  return factors.join(' × ');
}
