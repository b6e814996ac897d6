/** The computation service: execution plans, kernels, benchmarks and experiments. */
import { z } from 'zod';
import { defineService, endpoint } from './endpoint.ts';
import { formGroup, inForms } from './in-forms.ts';
import { experimentEndpoints } from './experiment.ts';
import { agreement } from './agreement.ts';
import { benchmark, benchmarkResult, kernelDetail, kernelParameters, kernelSizes, kernelSummary } from './kernel.ts';
import { computeDtype, executionProvider, inlinePlan, planEndpoints, planUsed } from './plan.ts';
import { exampleInput, exampleOutput, exampleVerdict, planPrompts } from './plan-example.ts';
import { atLeastOneItem, atMostOne, exactlyOne, withRules } from './rules.ts';
import { servingMetrics } from './serving-metrics.ts';
import { notFinite, tensorInput, tensorSchema } from './tensor.ts';
import { tokenId } from './tokenizer.ts';

const ms = z.number().min(0);
const tensors = z.record(z.string().max(64), tensorSchema);
const matrix = (values: number[]) => ({ dtype: 'float32' as const, shape: [2, values.length / 2], data: values });

export const computation = defineService({
  name: 'computation',
  title: 'Computation',
  description:
    'Execution plans as resources, kernels with their references, benchmarks against the roofline, and experiments that can be repeated.',
  state: z.object({
    plans: z.int().min(0),
    kernels: z.int().min(0),
    running: z.string().nullable().meta({ description: 'What occupies the device: a plan, a benchmark, an experiment.' }),
    adapter: z.string().nullable().meta({ description: 'The GPU, where there is one.' }),
    timestamp_queries: z.boolean(),
  }),
  endpoints: {
    execute: endpoint({
      method: 'POST',
      path: 'execute',
      scope: 'run',
      summary: 'Run a plan or a kernel',
      description:
        'Give exactly one of `plan_id`, `plan` and `kernel`. A plan is built and run as it says, on the prompts given, those of its example, or made-up ones; it is held against the output of its example, and the result says what was used, with the reason wherever it differs. A kernel runs on `inputs`.',
      input: withRules(
        z.object({
          plan_id: z.string().optional(),
          plan: inlinePlan.optional(),
          kernel: z.string().optional().meta({ description: 'Id of a kernel.' }),
          inputs: z
            .record(z.string().max(64), tensorInput)
            .optional()
            .meta({ description: 'Of a kernel, by name; drawn from the seed where `sizes` are given instead.' }),
          sizes: kernelSizes.optional(),
          parameters: kernelParameters.optional().meta({ description: 'Of a kernel.' }),
          input_ids: planPrompts.optional().meta({ description: 'Prompts for a plan, which need not give what its example gives.' }),
          example_input: exampleInput.optional().meta({ description: 'Prompts for a plan, in place of those of its own example.' }),
          example_output: exampleOutput.optional().meta({ description: 'What they must give, in place of what its own example says.' }),
          check_reference: z
            .boolean()
            .default(true)
            .meta({
              description: 'Compare with the reference: of a kernel its TypeScript, of a plan the built-in code.',
              ...inForms({ label: 'Compare with the reference' }),
            }),
          seed: z
            .int()
            .min(0)
            .max(0xffffffff)
            .default(0)
            .meta(inForms({ label: 'Seed' })),
        }),
        exactlyOne('plan_id', 'plan', 'kernel'),
        atMostOne('input_ids', 'example_input'),
        atMostOne('kernel', 'example_input'),
        atMostOne('kernel', 'example_output'),
      ),
      output: z
        .object({
          kind: z.enum(['plan', 'kernel']),
          used: planUsed.nullable().meta({ description: 'Of a plan.' }),
          revision_id: z
            .string()
            .nullable()
            .optional()
            .meta({ description: 'Of a kernel: the patch of it that ran; `null`: the built-in one.' }),
          execution_provider: z
            .enum(['webgpu', 'wasm', 'reference'])
            .meta({ description: '`reference`: the plain TypeScript of a kernel, where its own provider is missing.' }),
          fallback_reason: z.string().nullable().meta({ description: 'Why the provider is another one than asked for.' }),
          outputs: tensors.meta({ description: 'Of a kernel its outputs; of a plan `logits` [B, V] after the prompts.' }),
          not_finite: notFinite,
          token_ids: z.array(z.array(tokenId)).nullable().meta({ description: 'Greedy tokens of a plan, one list a sequence.' }),
          metrics: servingMetrics.nullable().meta({ description: 'Of a plan.' }),
          agreement: agreement.nullable(),
          example: exampleVerdict
            .nullable()
            .meta({ description: 'The run held against `example_output`. `null`: nothing is expected of these prompts.' }),
          build_ms: ms.meta({ description: 'Graph, session or shader, where another one was needed.' }),
          run_ms: ms,
          gpu_ms: ms.nullable().meta({ description: 'By timestamp queries, where there are any.' }),
        })
        .meta({ id: 'Execution' }),
      errors: [
        'not_found',
        'conflict',
        'model_not_loaded',
        'token_out_of_range',
        'context_exceeded',
        'out_of_blocks',
        'code_invalid',
        'cancelled',
      ],
      examples: [
        {
          name: 'run a small plan',
          description: 'Two sequences of four tokens, two of which are decoded.',
          input: { plan: { kernel: 'naive', batch_size: 2, seq_len: 4, decode_tokens: 2 } },
          expected_output: { kind: 'plan', used: { kernel: 'naive', batch_size: 2, seq_len: 4 }, agreement: { passed: true } },
          validation_rules: { two_sequences: 'size(output.token_ids) == 2', two_tokens_each: 'output.token_ids.all(t, size(t) == 2)' },
        },
        {
          name: 'a plan that gives other logits than its example',
          description: 'Three values are not held against a whole vocabulary: the verdict says how many the model gives.',
          input: {
            plan: { kernel: 'naive', decode_tokens: 1 },
            example_input: { text: 'Once upon a time' },
            example_output: { logits: [0.1, 0.2, 0.7] },
          },
          expected_output: { example: { passed: false, problems: [{ path: '/example_output/logits' }], logits: null } },
          validation_rules: { says_how_many: 'output.example.problems[0].message.startsWith("has 3 values; the model gives ")' },
        },
        {
          name: 'a plan held against chosen logits',
          description: 'Three tokens of the vocabulary, with room for what any model gives.',
          input: {
            plan: { kernel: 'naive', decode_tokens: 1 },
            example_input: { input_ids: [[1, 2, 3]] },
            example_output: { logits: [0.1, 0.2, 0.7], logits_at: [4, 5, 6], tolerance: 1e6 },
          },
          expected_output: { example: { passed: true, problems: [], logits: { passed: true, tolerance: 1e6 } } },
          validation_rules: { says_where: 'output.example.logits.worst.output == "logits"' },
        },
        {
          name: 'softmax of two rows',
          description: 'A row of equal values becomes equal shares; the shader agrees with its reference.',
          input: { kernel: 'wgsl.softmax', inputs: { x: matrix([0, 0, 0, 0, 0, 0, 0, 1000]) } },
          expected_output: {
            kind: 'kernel',
            outputs: { y: { shape: [2, 4], data: [0.25, 0.25, 0.25, 0.25, 0, 0, 0, 1] } },
            agreement: { passed: true },
          },
          tolerance: 1e-5,
        },
        {
          name: 'unknown kernel',
          description: 'The problem names those there are.',
          input: { kernel: 'wgsl.no_such_kernel', inputs: {} },
          expected_error: 'not_found',
        },
        {
          name: 'a plan over code that plans do not run',
          description: 'The problem names the resources that they do.',
          input: { plan: { seq_len: 4, code_revisions: { 'script.mine': '0123456789abcdef' } } },
          expected_error: 'not_found',
        },
        {
          name: 'plan and kernel together',
          description: 'Exactly one is taken.',
          input: { plan: {}, kernel: 'naive' },
          expected_error: 'validation_failed',
        },
        {
          name: 'a batch of none',
          description: '422 names the bound.',
          input: { plan: { batch_size: 0 } },
          expected_error: 'validation_failed',
        },
      ],
    }),
    kernels: endpoint({
      method: 'GET',
      path: 'kernels',
      scope: 'read',
      summary: 'The kernels',
      description: 'Attention fragments of the graph and WGSL shaders, with shapes, dtypes, limits and providers.',
      input: z.object({ kind: z.enum(['attention', 'wgsl']).optional() }),
      output: z.object({ kernels: z.array(kernelSummary) }),
      errors: [],
      examples: [
        {
          name: 'all kernels',
          description: 'The three attention fragments are among them.',
          input: {},
          validation_rules: {
            flash_attention: 'output.kernels.exists(k, k.id == "flash_attention")',
            says_why_not: 'output.kernels.all(k, k.available || k.unavailable_reason != null)',
          },
        },
        {
          name: 'shaders only',
          description: 'By kind.',
          input: { kind: 'wgsl' },
          validation_rules: { only_those: 'output.kernels.all(k, k.kind == "wgsl")' },
        },
        {
          name: 'an unknown kind',
          description: '422 names the kinds.',
          input: { kind: 'cuda' } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
    kernel: endpoint({
      method: 'GET',
      path: 'kernels/{id}',
      scope: 'read',
      summary: 'One kernel with its source',
      description: 'The active code, the plain reference it is compared with, its cost as formulas, and an input to try.',
      input: z.object({ id: z.string() }),
      output: kernelDetail,
      errors: ['not_found'],
      examples: [
        {
          name: 'naive attention',
          description: 'Source and reference.',
          input: { id: 'naive' },
          expected_output: { id: 'naive', kind: 'attention', language: 'typescript' },
          validation_rules: { has_source: 'output.source != "" && output.reference != ""' },
        },
        { name: 'a shader', description: 'In WGSL.', input: { id: 'wgsl.softmax' }, expected_output: { kind: 'wgsl', language: 'wgsl' } },
        { name: 'unknown kernel by id', description: 'No such kernel.', input: { id: 'no/such kernel?' }, expected_error: 'not_found' },
      ],
    }),
    benchmark: endpoint({
      method: 'POST',
      path: 'benchmark',
      scope: 'run',
      summary: 'Measure kernels or plans',
      description:
        'Each subject at each size: warm-up, repeats, median, p95, coefficient of variation, GFLOP/s, GB/s, share of the measured roofline, error against the reference. With `"stream": true`: events `result` as they come, then `done`. Waits for the device while requests run.',
      input: withRules(
        z.object({
          kernels: z.array(z.string()).max(50).default([]),
          plan_ids: z.array(z.string()).max(50).default([]),
          sizes: z.array(kernelSizes).max(50).default([]).meta({
            description:
              "Named sizes of kernels; for plans `batch_size`, `seq_len`, `decode_tokens`, which count what they count in a plan. Left out: each subject's own.",
          }),
          compute_dtype: computeDtype.default('auto'),
          ...formGroup('How', {
            execution_provider: executionProvider.default('auto'),
            warmup: z
              .int()
              .min(0)
              .max(1000)
              .default(3)
              .meta(inForms({ label: 'Warm-up' })),
            repeats: z
              .int()
              .min(1)
              .max(10_000)
              .default(20)
              .meta(inForms({ label: 'Repeats' })),
            max_ms: z
              .int()
              .min(1)
              .max(600_000)
              .default(10_000)
              .meta({
                description: 'Of each subject at each size: fewer repeats are made when they would take longer.',
                ...inForms({ label: 'Limit, ms' }),
              }),
            check_reference: z
              .boolean()
              .default(true)
              .meta(inForms({ label: 'Compare with the reference' })),
          }),
          stream: z.boolean().default(false),
        }),
        atLeastOneItem('kernels', 'plan_ids'),
      ),
      output: benchmark,
      event: z.discriminatedUnion('event', [
        z.object({ event: z.literal('result'), data: benchmarkResult }),
        z.object({ event: z.literal('done'), data: benchmark }),
      ]),
      errors: ['not_found', 'conflict', 'model_not_loaded', 'context_exceeded', 'cancelled'],
      examples: [
        {
          name: 'softmax at two sizes',
          description: 'One result for each size; percentiles are in order.',
          input: {
            kernels: ['wgsl.softmax'],
            sizes: [
              { rows: 4, columns: 16 },
              { rows: 8, columns: 64 },
            ],
            warmup: 1,
            repeats: 3,
          },
          validation_rules: {
            two_results: 'size(output.results) == 2',
            in_order: 'output.results.all(r, r.timing == null || r.timing.median_ms <= r.timing.max_ms)',
          },
        },
        {
          name: 'one repeat, no warm-up',
          description: 'The shortest benchmark varies by nothing.',
          input: { kernels: ['wgsl.argmax'], sizes: [{ columns: 16 }], warmup: 0, repeats: 1 },
          validation_rules: { no_variation: 'output.results.all(r, r.timing == null || r.timing.cv == 0.0)' },
        },
        {
          name: 'an unknown plan',
          description: 'Nothing is measured.',
          input: { plan_ids: ['no-such-plan'] },
          expected_error: 'not_found',
        },
        { name: 'nothing to measure', description: 'At least one kernel or plan.', input: {}, expected_error: 'validation_failed' },
        {
          name: 'no repeats',
          description: '422 names the bound.',
          input: { kernels: ['wgsl.softmax'], repeats: 0 },
          expected_error: 'validation_failed',
        },
      ],
    }),
    ...planEndpoints,
    ...experimentEndpoints,
  },
});
