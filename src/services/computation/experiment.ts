/** Experiments as values: the grid laid out as runs, and what is kept of them. */
import { contract, type ErrorItem, invalidInput, type Output, type ParsedInput } from '../../contract/index.ts';
import { faultsOf } from '../../contract/invalid-input.ts';
import { inlinePlan, type PartialPlan, type PlanFields, wholePlan } from '../../contract/plan.ts';
import { csvOf } from '../csv.ts';
import { findCode } from './plan-code.ts';
import { planProblems } from './resolve-plan.ts';
import type { PlanSetting } from './run-plan.ts';

export type Experiment = Output<'computation', 'experiment'>;
/** For what lies in the browser's storage. */
export const isExperiment = (kept: unknown): kept is Experiment => contract.computation.endpoints.experiment.output.safeParse(kept).success;

export type ExperimentInput = ParsedInput<'computation', 'runExperiment'>;
export type ExperimentRun = Experiment['runs'][number];
export type RunMetrics = NonNullable<ExperimentRun['metrics']>;
type GridValue = ExperimentRun['parameters'][string];

const MAX_RUNS = 1000;

/** Every combination of the grid in its order, the first field slowest, each as often as there are repeats. */
export function layOutRuns({ grid, repeats }: Pick<ExperimentInput, 'grid' | 'repeats'>): ExperimentRun[] {
  const fields = Object.entries(grid).filter((entry): entry is [string, GridValue[]] => entry[1] !== undefined);
  const problems = fields.flatMap(([field, values]) => values.flatMap((value, i) => problemOf(field, value, `/grid/${field}/${i}`)));
  if (problems.length > 0) throw invalidInput(problems);
  const total = fields.reduce((product, [, values]) => product * values.length, repeats);
  if (total > MAX_RUNS)
    throw invalidInput([{ path: '/grid', message: `makes ${total} runs with the repeats; at most ${MAX_RUNS} are made.` }]);
  let combinations: Record<string, GridValue>[] = [{}];
  for (const [field, values] of fields)
    combinations = combinations.flatMap((before) => values.map((value) => ({ ...before, [field]: value })));
  return combinations.flatMap((parameters, i) =>
    Array.from({ length: repeats }, (_, nth): ExperimentRun => ({
      index: i * repeats + nth,
      repeat: nth,
      parameters,
      state: 'queued',
      used: null,
      metrics: null,
      error: null,
      started_at: null,
      duration_ms: null,
    })),
  );
}

/** A grid's value must be one that the plan's field takes. */
function problemOf(field: string, value: GridValue, path: string): ErrorItem[] {
  const plan = { [field]: value };
  const parsed = inlinePlan.safeParse(plan, { reportInput: true });
  return parsed.success ? [] : faultsOf(inlinePlan, parsed.error.issues, plan).map(({ message }) => ({ path, message }));
}

/** @param base what the grid varies: fields left out are their defaults */
export const planOfRun = (base: PartialPlan, { parameters }: ExperimentRun): PlanFields => wholePlan(parameters as PartialPlan, base);

export function newExperiment(id: string, name: string, runs: ExperimentRun[], record: Experiment['record']): Experiment {
  return {
    id,
    name,
    state: 'queued',
    progress: { runs_done: 0, runs_total: runs.length, eta_ms: null },
    created_at: new Date().toISOString(),
    finished_at: null,
    error: null,
    record,
    runs,
    artifacts: [],
  };
}

/** The runs with the problems of their plans, and nothing run. */
export async function checkedOnly(
  experiment: Experiment,
  base: PartialPlan,
  { model, gpu, code }: Omit<PlanSetting, 'bench'>,
): Promise<Experiment> {
  const check = async (run: ExperimentRun): Promise<ExperimentRun> => {
    const plan = planOfRun(base, run);
    const problems = planProblems(plan, await findCode(plan, code), model, gpu);
    return { ...run, error: problems.map(({ path, message }) => `${path} ${message}`).join(' ') || null };
  };
  const runs = await Promise.all(experiment.runs.map(check));
  return { ...experiment, record: null, runs };
}

const LATENCIES = [
  ['ttft', 'p50_ms'],
  ['ttft', 'p95_ms'],
  ['tpot', 'p50_ms'],
  ['tpot', 'p95_ms'],
] as const;

/** The runs as files for other tools. */
export function artifactsOf({ runs }: Experiment): Experiment['artifacts'] {
  const columns = [...new Set(runs.flatMap(({ parameters }) => Object.keys(parameters)))];
  const figures = [
    'prefill_tokens_per_second',
    'decode_tokens_per_second',
    'build_ms',
    'peak_kv_bytes',
    'wasted_kv_bytes',
    'bits_per_byte',
    'top_1_agreement',
    'max_abs_logit_difference',
  ] as const;
  const lines = runs.map(({ index, repeat, parameters, state, metrics, duration_ms, error }) => [
    ...[index, repeat, state, ...columns.map((column) => parameters[column])],
    ...figures.map((figure) => metrics?.[figure]),
    ...LATENCIES.map(([name, share]) => metrics?.serving[name]?.[share]),
    ...[duration_ms, error],
  ]);
  const latencies = LATENCIES.map(([name, share]) => `${name}_${share}`);
  const header = ['index', 'repeat', 'state', ...columns, ...figures, ...latencies, 'duration_ms', 'error'];
  return [
    { name: 'runs.csv', media_type: 'text/csv', content: csvOf([header, ...lines]) },
    { name: 'runs.jsonl', media_type: 'application/jsonl', content: runs.map((run) => JSON.stringify(run)).join('\n') },
  ];
}
