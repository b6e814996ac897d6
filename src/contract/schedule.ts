/** `POST /scheduler/schedule`: a workload becomes a plan of steps with its reasoning and metrics, live or simulated by the same code. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { formGroup, inForms } from './in-forms.ts';
import { alsoCalled } from './known-names.ts';
import { memoryStrategy } from './memory-config.ts';
import { activePolicy, policyName, policyParameters, preemption, scheduledStep, stepBounds, stepMode } from './scheduling.ts';
import { servingMetrics, slo } from './serving-metrics.ts';
import { workload } from './workload.ts';

/** Steps with their decisions in one answer. */
export const MAX_STEPS = 10_000;

const ms = z.number().min(0);
/** Milliseconds that something costs in a simulation. */
const cost = z.number().min(0).max(1e6);

const costModel = z
  .strictObject({
    base_ms: cost.meta({ description: 'Of a step, whatever is in it.' }),
    ms_per_sequence: cost,
    ms_per_prefill_token: cost,
    ms_per_context_token: cost.meta({ description: 'For each token in the pool that the step reads.' }),
    ms_per_attended_pair: cost,
    ms_per_moved_block: cost,
  })
  .meta({ id: 'CostModel', description: 'The duration of a step as a sum over its features.' });

const costModelUsed = z.object({
  source: z
    .enum(['given', 'fitted', 'default'])
    .meta({ description: "`fitted`: to this device's own steps. `default`: there were too few of them." }),
  model: costModel,
  fitted_steps: z.int().min(0),
  mean_absolute_percentage_error: z
    .number()
    .min(0)
    .nullable()
    .meta({ description: 'Of the fit, over steps it was not fitted to; in percent.' }),
});

const servedRequest = z
  .object({
    request_id: z.string(),
    client: z.string(),
    priority: z.int(),
    arrival_ms: ms,
    deadline_ms: ms.nullable().meta({ description: 'From arrival.' }),
    prompt_tokens: z.int(),
    cached_tokens: z.int().meta({ description: 'Prompt tokens that came from the prefix cache.' }),
    output_tokens: z.int(),
    outcome: z.enum(['finished', 'refused', 'cancelled', 'failed']),
    reason: z.string().nullable().meta({ description: 'Why it did not finish.' }),
    queued_ms: ms.nullable(),
    ttft_ms: ms.nullable(),
    tpot_ms: ms.nullable(),
    e2e_ms: ms.nullable(),
    preemptions: z.int(),
    met_objectives: z.boolean().nullable().meta({ description: '`null` where none was given.' }),
  })
  .meta({ id: 'ServedRequest' });

const schedule = z
  .object({
    id: z.string(),
    mode: z.enum(['simulate', 'run']),
    ...activePolicy,
    step_mode: stepMode,
    preemption,
    ...stepBounds,
    memory_strategy: memoryStrategy,
    num_blocks: z.int().min(1),
    block_size: z.int().min(1),
    prefix_caching: z.boolean(),
    seed: z.int(),
    requests: z.array(servedRequest).meta({ description: 'In order of arrival.' }),
    steps: z
      .array(scheduledStep)
      .meta({ description: `The plan: up to \`max_steps\` of them from the first; none where \`include_steps\` is false.` }),
    steps_left_out: z.int().min(0),
    metrics: servingMetrics,
    cost_model: costModelUsed.nullable().meta({ description: 'Of a simulation; `null` of a run.' }),
  })
  .meta({ id: 'Schedule' });

const twoRequests = [
  { id: 'long', arrival_ms: 0, prompt_tokens: 48, output_tokens: 4 },
  { id: 'short', arrival_ms: 1, prompt_tokens: 4, output_tokens: 4 },
];

export const scheduleEndpoint = endpoint({
  method: 'POST',
  path: 'schedule',
  scope: 'run',
  summary: 'Serve a workload, live or simulated',
  description:
    'A workload becomes a plan of steps with the reason for each decision, and metrics. `simulate` asks the same policy, scheduler and block manager as the engine and takes the time of a step from a cost model; every bound may be chosen. `run` sends the requests to the engine in real time, under the active policy and bounds: choosing others answers 409. With `"stream": true`: events `step` as they come, then `done` with the result, whose `steps` are empty. Another workload in `run` answers 409 while one runs.',
  input: z.object({
    workload,
    mode: z.enum(['simulate', 'run']).default('simulate'),
    ...formGroup('Served by', {
      policy: policyName
        .optional()
        .meta({ description: 'The active one when left out.', ...alsoCalled('scheduling_policy'), ...inForms({ label: 'Policy' }) }),
      policy_parameters: policyParameters.optional(),
      step_mode: stepMode.optional(),
      preemption: preemption.optional(),
      token_budget: stepBounds.token_budget.optional(),
      max_num_seqs: stepBounds.max_num_seqs.optional(),
      chunk_size: stepBounds.chunk_size.optional(),
      memory_strategy: memoryStrategy.optional().meta(inForms({ label: 'Memory strategy', order: 1 })),
      num_blocks: z
        .int()
        .min(1)
        .max(1_000_000)
        .optional()
        .meta({
          description: 'Blocks of the pool; those of the active pool when left out.',
          ...alsoCalled('num_gpu_blocks'),
          ...inForms({ label: 'Blocks of the pool' }),
        }),
    }),
    block_size: z.int().min(1).max(1024).optional().meta({ description: 'Tokens per block.' }),
    prefix_caching: z
      .boolean()
      .optional()
      .meta({ ...alsoCalled('enable_prefix_caching') }),
    cost_model: costModel.optional().meta({ description: "Of a simulation; fitted to this device's steps when left out." }),
    ...formGroup('Objectives and seed', {
      slo: slo.optional().meta({ description: 'Objectives for the goodput.' }),
      seed: z
        .int()
        .min(0)
        .max(0xffffffff)
        .default(0)
        .meta({
          description:
            'Arrivals, lengths and made-up prompts are drawn from it; the same seed, workload and code give the same decisions in a simulation.',
          ...inForms({ label: 'Seed' }),
        }),
    }),
    include_steps: z.boolean().default(true).meta({ description: 'The steps with their decisions, which can be large.' }),
    max_steps: z.int().min(1).max(MAX_STEPS).default(1000).meta({ description: 'Steps in the answer; those beyond are counted.' }),
    stream: z.boolean().default(false),
  }),
  output: schedule,
  event: z.discriminatedUnion('event', [
    z.object({ event: z.literal('step'), data: scheduledStep }),
    z.object({ event: z.literal('done'), data: schedule }),
  ]),
  errors: ['conflict', 'model_not_loaded', 'cancelled', 'code_invalid', 'context_exceeded', 'out_of_blocks'],
  examples: [
    {
      name: 'first come, first served',
      description: 'Simulated: the long prompt came first and goes first.',
      input: {
        workload: { kind: 'requests', requests: twoRequests },
        policy: 'fcfs',
        num_blocks: 64,
        block_size: 16,
        token_budget: 32,
        chunk_size: 32,
        max_num_seqs: 1,
      },
      expected_output: {
        mode: 'simulate',
        policy: 'fcfs',
        requests: [
          { request_id: 'long', outcome: 'finished', output_tokens: 4 },
          { request_id: 'short', outcome: 'finished', output_tokens: 4 },
        ],
        metrics: { requests: { total: 2, finished: 2 } },
      },
      validation_rules: {
        long_is_first: 'output.requests[0].ttft_ms < output.requests[1].ttft_ms',
        within_the_budget: 'output.steps.all(s, s.features.prefill_tokens + s.features.decode_tokens <= input.token_budget)',
        every_decision_has_a_rule: 'output.steps.all(s, s.decisions.all(d, d.rule != ""))',
      },
    },
    {
      name: 'a more urgent request takes the seat',
      description: 'One seat under `priority`: who runs gives way at the next step, and goes on afterwards.',
      input: {
        workload: {
          kind: 'requests',
          requests: [
            { id: 'low', arrival_ms: 0, prompt_tokens: 16, output_tokens: 100, priority: 10 },
            { id: 'high', arrival_ms: 5, prompt_tokens: 16, output_tokens: 4, priority: -10 },
          ],
        },
        policy: 'priority',
        max_num_seqs: 1,
        num_blocks: 64,
        block_size: 16,
      },
      expected_output: {
        requests: [
          { request_id: 'low', outcome: 'finished', preemptions: 1 },
          { request_id: 'high', outcome: 'finished', preemptions: 0 },
        ],
      },
      validation_rules: { it_hardly_waits: 'output.requests[1].queued_ms < 0.2 * output.requests[0].e2e_ms' },
    },
    {
      name: 'Poisson arrivals under an objective',
      description: 'Twenty drawn requests; goodput is no more than throughput.',
      input: {
        workload: {
          kind: 'poisson',
          rate: 20,
          num_requests: 20,
          prompt_tokens: { distribution: 'uniform', min: 8, max: 64 },
          output_tokens: { distribution: 'fixed', tokens: 8 },
        },
        slo: { ttft_ms: 500 },
        num_blocks: 256,
        block_size: 16,
        seed: 7,
        include_steps: false,
      },
      expected_output: { seed: 7, steps: [], metrics: { requests: { total: 20 } } },
      validation_rules: {
        one_result_each: 'size(output.requests) == 20',
        goodput_within_throughput: 'output.metrics.goodput.requests_per_second <= output.metrics.requests_per_second',
        percentiles_in_order: 'output.metrics.ttft.p50_ms <= output.metrics.ttft.p99_ms',
      },
    },
    {
      name: 'a trace of two lines',
      description: 'Azure layout; lengths beyond the context are scaled into it.',
      input: {
        workload: {
          kind: 'trace',
          format: 'azure_csv',
          data: 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n',
          length_scale: 0.1,
        },
        num_blocks: 256,
        block_size: 16,
      },
      expected_output: { metrics: { requests: { total: 2, finished: 2 } } },
    },
    {
      name: 'a request larger than the pool',
      description: 'It is refused at once with the numbers; the other one is served.',
      input: {
        workload: {
          kind: 'requests',
          requests: [
            { id: 'huge', prompt_tokens: 500, output_tokens: 10 },
            { id: 'small', prompt_tokens: 10, output_tokens: 2 },
          ],
        },
        num_blocks: 4,
        block_size: 16,
      },
      expected_output: {
        requests: [
          { request_id: 'huge', outcome: 'refused' },
          { request_id: 'small', outcome: 'finished' },
        ],
      },
    },
    {
      name: 'run with another policy than the active one',
      description: 'A live run is served as all others are: `PUT /scheduler/policy` first.',
      input: { workload: { kind: 'requests', requests: twoRequests }, mode: 'run', token_budget: 1 },
      expected_error: 'conflict',
    },
    {
      name: 'no requests',
      description: 'A workload has at least one.',
      input: { workload: { kind: 'requests', requests: [] } },
      expected_error: 'validation_failed',
    },
  ],
});
