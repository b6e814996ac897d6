/** Experiments: a grid of plans over a workload or a text, kept with everything that repeating it needs. */
import { z } from 'zod';
import { formGroup, inForms } from './in-forms.ts';
import { endpoint } from './endpoint.ts';
import { atMostOne, withRules } from './rules.ts';
import { codeRevisions, inlinePlan, PLAN_FIELDS, planUsed } from './plan.ts';
import { servingMetrics, slo } from './serving-metrics.ts';
import { workload } from './workload.ts';

/** Runs of one experiment. */
const MAX_RUNS = 1000;
const MAX_TEXT = 1_000_000;

const gridValue = z.union([z.string(), z.number(), z.boolean(), codeRevisions]);
const ms = z.number().min(0);

/** What is measured and how, at the top level of the input; all of it is recorded. */
const experimentInput = {
  name: z.string().min(1).max(200).optional(),
  plan_id: z.string().optional().meta({ description: 'The plan that the grid varies. Give this, `plan` or neither.' }),
  plan: inlinePlan.optional(),
  grid: z.partialRecord(z.enum(PLAN_FIELDS), z.array(gridValue).min(1).max(100)).default({}).meta({
    description:
      'Values by plan field; every combination is one run, and with the repeats there are at most 1000. Left out: the plan alone.',
  }),
  workload: workload.optional().meta({
    description:
      'Served under each plan. Left out: `batch_size` sequences at once, each `seq_len` tokens long at its end, `decode_tokens` of them generated.',
  }),
  ...formGroup('Objectives', { slo: slo.optional() }),
  text: z
    .string()
    .max(MAX_TEXT)
    .optional()
    .meta({ description: 'Scored under each plan: bits per byte, and how often its first choice is that of the built-in code.' }),
  ...formGroup('Measurement', {
    repeats: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({ description: 'Of each combination; each repeat is a run.', ...inForms({ label: 'Repeats' }) }),
    warmup: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .meta({ description: 'Runs of each combination that are not recorded.', ...inForms({ label: 'Warm-up' }) }),
    seed: z
      .int()
      .min(0)
      .max(0xffffffff)
      .default(0)
      .meta({ description: 'Of made-up prompts and drawn workloads.', ...inForms({ label: 'Seed' }) }),
    max_run_ms: z
      .int()
      .min(1)
      .max(3_600_000)
      .default(300_000)
      .meta({
        description: 'A run that takes longer is ended and says so.',
        ...inForms({ label: 'A run at most', unit: 's', scale: 1 / 1000 }),
      }),
  }),
};

const experimentState = z.enum(['queued', 'running', 'done', 'cancelled', 'failed']);
const progress = z.object({ runs_done: z.int().min(0), runs_total: z.int().min(1).max(MAX_RUNS), eta_ms: ms.nullable() });

const experimentSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    state: experimentState,
    progress,
    created_at: z.string(),
    finished_at: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'ExperimentSummary' });

const runMetrics = z
  .object({
    serving: servingMetrics,
    prefill_tokens_per_second: z.number().min(0).nullable(),
    decode_tokens_per_second: z.number().min(0).nullable(),
    build_ms: ms.meta({ description: 'Graph and session, where another one was needed.' }),
    peak_kv_bytes: z.int().min(0),
    wasted_kv_bytes: z.int().min(0).meta({ description: 'At the peak: held for no token.' }),
    bits_per_byte: z.number().min(0).nullable().meta({ description: 'Of `text`.' }),
    top_1_agreement: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'Share of positions of `text` with the same first choice as the built-in code.' }),
    max_abs_logit_difference: z.number().min(0).nullable().meta({ description: 'From the built-in code, over `text`.' }),
  })
  .meta({ id: 'RunMetrics' });

const experimentRun = z
  .object({
    index: z.int().min(0),
    repeat: z.int().min(0),
    parameters: z.record(z.string(), gridValue).meta({ description: 'The values of the grid in this run.' }),
    state: z.enum(['queued', 'running', 'done', 'cancelled', 'failed']),
    used: planUsed.nullable(),
    metrics: runMetrics.nullable(),
    error: z.string().nullable(),
    started_at: z.string().nullable(),
    duration_ms: ms.nullable(),
  })
  .meta({ id: 'ExperimentRun' });

const artifact = z.object({
  name: z.string(),
  media_type: z.string(),
  content: z.string().meta({ description: 'Text, such as the runs as CSV or JSON lines.' }),
});

const record = z
  .object({
    model_id: z.string(),
    weights_hash: z.string(),
    code_revisions: codeRevisions,
    seed: z.int(),
    versions: z.record(z.string(), z.string()).meta({ description: 'Of the workbench, the runtime and the contract.' }),
    device: z.object({ adapter: z.string().nullable(), threads: z.int(), cross_origin_isolated: z.boolean(), user_agent: z.string() }),
    input: z.record(z.string(), z.unknown()).meta({
      description: 'The input as it was given, to be sent again; a kept plan stands in it by its fields, since it may change.',
    }),
  })
  .meta({ id: 'ExperimentRecord', description: 'Everything that repeating it needs.' });

const experiment = z
  .object({
    ...experimentSummary.shape,
    record: record.nullable().meta({ description: '`null` of a check that was not run.' }),
    runs: z.array(experimentRun),
    artifacts: z.array(artifact).meta({ description: 'There when it has ended.' }),
  })
  .meta({ id: 'Experiment' });

export const experimentEndpoints = {
  experiments: endpoint({
    method: 'GET',
    path: 'experiments',
    scope: 'read',
    summary: 'The experiments',
    description: 'Those that run and those that ended, kept in this browser; the latest first.',
    input: z.object({}),
    output: z.object({ experiments: z.array(experimentSummary) }),
    errors: [],
    examples: [
      {
        name: 'all experiments',
        description: 'A list, perhaps empty.',
        input: {},
        validation_rules: { no_more_done_than_there_are: 'output.experiments.all(e, e.progress.runs_done <= e.progress.runs_total)' },
      },
    ],
  }),
  runExperiment: endpoint({
    method: 'POST',
    path: 'experiments',
    scope: 'run',
    summary: 'Run an experiment',
    description:
      'Every combination of the grid is a run: the plan is built, warmed up, and serves the workload. Answers at once with the id, or at the end with `"wait": true`, or with `"stream": true` by events `run` and then `done`. One experiment runs at a time; others queue. Cancel with `DELETE /computation/experiments/{id}`.',
    input: withRules(
      z.object({
        ...experimentInput,
        resume: z.string().optional().meta({
          description:
            'Id of an experiment that was cancelled or cut off by a reload: only its missing runs are made. Its own input counts.',
        }),
        repeat_of: z
          .string()
          .optional()
          .meta({ description: 'Id of an experiment to run again just as it was recorded. Its own input counts.' }),
        validate_only: z.boolean().default(false).meta({ description: 'Give the runs and the problems of their plans, and run nothing.' }),
        keep: z.boolean().default(true).meta({ description: 'Keep it in this browser when it has ended.' }),
        wait: z.boolean().default(false),
        stream: z.boolean().default(false),
      }),
      atMostOne('plan_id', 'plan'),
      atMostOne('resume', 'repeat_of'),
    ),
    output: experiment,
    event: z.discriminatedUnion('event', [
      z.object({ event: z.literal('run'), data: experimentRun }),
      z.object({ event: z.literal('done'), data: experiment }),
    ]),
    errors: ['not_found', 'conflict', 'model_not_loaded', 'queue_full', 'cancelled'],
    examples: [
      {
        name: 'two kernels by two batch sizes',
        description: 'Four runs, in the order of the grid; checked, not run.',
        input: {
          name: 'kernels by batch sizes',
          grid: { kernel: ['naive', 'flash_attention'], batch_size: [1, 2] },
          plan: { seq_len: 8, decode_tokens: 2 },
          validate_only: true,
        },
        expected_output: {
          progress: { runs_done: 0, runs_total: 4 },
          runs: [
            { parameters: { kernel: 'naive', batch_size: 1 } },
            { parameters: { kernel: 'naive', batch_size: 2 } },
            { parameters: { kernel: 'flash_attention', batch_size: 1 } },
            { parameters: { kernel: 'flash_attention', batch_size: 2 } },
          ],
        },
      },
      {
        name: 'one small run, waited for',
        description: 'No grid: the plan alone.',
        input: { name: 'smallest', plan: { seq_len: 4, decode_tokens: 2 }, warmup: 0, keep: false, wait: true },
        expected_output: {
          state: 'done',
          progress: { runs_done: 1, runs_total: 1 },
          runs: [{ state: 'done', metrics: { serving: { requests: { finished: 1 } } } }],
        },
      },
      {
        name: 'resume an unknown experiment',
        description: 'There is nothing to resume.',
        input: { resume: 'exp_unknown' },
        expected_error: 'not_found',
      },
      {
        name: 'a grid over no field of a plan',
        description: '422 names the fields.',
        input: { grid: { colour: ['red'] } } as never,
        expected_error: 'validation_failed',
      },
    ],
  }),
  experiment: endpoint({
    method: 'GET',
    path: 'experiments/{id}',
    scope: 'read',
    summary: 'One experiment',
    description: 'Its runs with parameters, what was used and metrics; the record that repeating it needs; artifacts such as CSV.',
    input: z.object({ id: z.string() }),
    output: experiment,
    errors: ['not_found'],
    examples: [
      { name: 'unknown experiment', description: 'No such experiment.', input: { id: 'exp_unknown' }, expected_error: 'not_found' },
      { name: 'experiment of one space', description: 'No such experiment either.', input: { id: ' ' }, expected_error: 'not_found' },
      {
        name: 'experiment id with reserved characters',
        description: 'Slashes and question marks travel encoded.',
        input: { id: 'a/b?c=d' },
        expected_error: 'not_found',
      },
    ],
  }),
  cancelExperiment: endpoint({
    method: 'DELETE',
    path: 'experiments/{id}',
    scope: 'run',
    summary: 'Cancel or delete an experiment',
    description:
      'One that runs or waits is cancelled: the run under way ends within one step, what was measured stays and can be resumed. One that has ended is deleted.',
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string(), cancelled: z.boolean(), deleted: z.boolean(), runs_done: z.int().min(0) }),
    errors: ['not_found'],
    examples: [
      {
        name: 'cancel an unknown experiment',
        description: 'No such experiment.',
        input: { id: 'exp_unknown' },
        expected_error: 'not_found',
      },
      {
        name: 'cancel an experiment of one space',
        description: 'No such experiment either.',
        input: { id: ' ' },
        expected_error: 'not_found',
      },
      {
        name: 'cancel an id with reserved characters',
        description: 'Slashes and question marks travel encoded.',
        input: { id: 'a/b?c=d' },
        expected_error: 'not_found',
      },
    ],
  }),
};

/**
 * Why an experiment that was written down under an older contract would measure something else now; `null`: it would not.
 * @param version of the contract; links of the first one carry none
 */
export function outdated(version: string | undefined, input: { readonly workload?: unknown }): string | null {
  if (input.workload || (version !== undefined && version !== '1.0.0')) return null;
  return 'It is from when seq_len counted the prompt alone; now it counts the decoded tokens too. Run it anew with seq_len and decode_tokens together as its seq_len.';
}
