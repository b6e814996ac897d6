/** Execution plans: everything that decides how a batch is computed, as one resource that can be kept, compared and run. */
import { z } from 'zod';
import { attention } from '../patchable/generated/rules.ts';
import { nameList } from './built-in-name.ts';
import { endpoint } from './endpoint.ts';
import { formGroup, inForms } from './in-forms.ts';
import { alsoCalled } from './known-names.ts';
import { memoryStrategy } from './memory-config.ts';
import { exampleInput, exampleOutput, MAX_PLAN_BATCH, MAX_PLAN_TOKENS, planProblem } from './plan-example.ts';
import { atLeastOne, atMostOne, withRules } from './rules.ts';
import { policyName, stepBounds, stepMode } from './scheduling.ts';

export const executionProvider = z.enum(['auto', 'webgpu', 'wasm']).meta({
  description: '`auto`: WebGPU when there is an adapter, else WASM.',
  ...inForms({ label: 'Execution provider', control: 'segments', titles: { wasm: 'WASM', webgpu: 'WebGPU' } }),
});
export const computeDtype = z
  .enum(['auto', 'float32', 'float16'])
  .meta({ description: '`auto`: float16 on WebGPU where shaders know it, else float32.' });
const attentionKernel = z
  .string()
  .min(1)
  .max(128)
  .meta({
    description: `Attention of every layer: ${nameList(attention)}, or \`patched\` for the code resource \`model.attention\`: the revision that \`code_revisions\` names, else the active one. \`GET /computation/kernels\` has them.`,
  });
export const codeRevisions = z.record(z.string().max(128), z.string().max(128)).meta({
  description:
    'Revision by code resource: `model.attention`, `model.mlp`, `model.norm`, `model.position`, `sampler`, `scheduler.policy`, `memory.eviction`, each kept or built-in (`GET /code/resources/{id}/revisions`). One of `model.attention` or `scheduler.policy` takes the place of `kernel` or `policy`. Resources left out run in the active version.',
});
/** The fields of a plan without defaults. */
const fields = {
  kernel: attentionKernel,
  batch_size: z.int().min(1).max(MAX_PLAN_BATCH).meta({ description: 'Sequences at once.' }),
  seq_len: z
    .int()
    .min(1)
    .max(MAX_PLAN_TOKENS)
    .meta({
      description: 'Tokens of each sequence at its end, prompt and `decode_tokens` together: 512 fill a context of 512.',
      ...alsoCalled('sequence_length', 'max_model_len', 'context_length', 'max_length'),
    }),
  decode_tokens: z
    .int()
    .min(0)
    .max(MAX_PLAN_TOKENS)
    .meta({
      description: 'Those of `seq_len` that are generated; the prompt has the others, at least one.',
      ...alsoCalled('max_new_tokens', 'max_tokens', 'output_len'),
    }),
  memory_strategy: memoryStrategy,
  block_size: z.int().min(1).max(1024).meta({ description: 'Tokens per KV block.' }),
  prefix_caching: z.boolean(),
  policy: policyName,
  step_mode: stepMode,
  token_budget: stepBounds.token_budget,
  chunk_size: stepBounds.chunk_size,
  execution_provider: executionProvider,
  compute_dtype: computeDtype,
  code_revisions: codeRevisions,
};

/** Names of the fields that an experiment may vary. */
export const PLAN_FIELDS = Object.keys(fields) as [keyof typeof fields, ...(keyof typeof fields)[]];

const described = {
  name: z.string().min(1).max(200),
  description: z.string().max(10_000),
  example_input: exampleInput,
  example_output: exampleOutput,
};

/** Every field that decides how a batch is computed. */
export type PlanFields = { [F in keyof typeof fields]: z.output<(typeof fields)[F]> };
/** What was given of a plan. */
export type PartialPlan = { readonly [F in keyof PlanFields]?: PlanFields[F] | undefined };

/** What a plan is when a field is left out. */
export const PLAN_DEFAULTS: PlanFields = {
  kernel: 'flash_attention',
  batch_size: 1,
  seq_len: 64,
  decode_tokens: 16,
  memory_strategy: 'paged',
  block_size: 16,
  prefix_caching: false,
  policy: 'fcfs',
  step_mode: 'decode_first',
  token_budget: 512,
  chunk_size: 256,
  execution_provider: 'auto',
  compute_dtype: 'auto',
  code_revisions: {},
};

/**
 * A plan with every field. Of length and decoded tokens the one that is left out makes room for the other: a sequence too short for the
 * default decodes all but one of its tokens, and one that decodes more is so much longer.
 * @param base what a field is that is left out, where that is not its default
 */
export function wholePlan(given: PartialPlan, base: PartialPlan = {}): PlanFields {
  const all: Partial<Record<keyof PlanFields, unknown>> = {};
  for (const field of PLAN_FIELDS) all[field] = given[field] ?? base[field] ?? PLAN_DEFAULTS[field];
  const plan = all as PlanFields;
  const isLeftOut = (field: 'seq_len' | 'decode_tokens') => (given[field] ?? base[field]) === undefined;
  if (isLeftOut('seq_len')) plan.seq_len += Math.max(0, plan.decode_tokens - PLAN_DEFAULTS.decode_tokens);
  if (isLeftOut('decode_tokens')) plan.decode_tokens = Math.min(plan.decode_tokens, plan.seq_len - 1);
  return plan;
}

/** At the top level of an input. The default is said, and filled in by `wholePlan`: a field that was given is told from one that was not. */
const newField = <F extends keyof typeof fields>(field: F) =>
  fields[field].optional().meta({ default: PLAN_DEFAULTS[field] }) as z.ZodOptional<(typeof fields)[F]>;

/** Fields of a new plan, at the top level of an input, in the parts of its form. */
const newPlan = {
  ...formGroup('Plan', {
    name: described.name.optional().meta({ description: 'Its id where left out.' }),
    id: z
      .string()
      .regex(/^[\w.-]{1,128}$/, 'must be 1 to 128 letters, digits, `.`, `_` and `-`')
      .optional()
      .meta({ description: 'Given out when left out.' }),
    description: described.description.default(''),
  }),
  ...formGroup('Computation', {
    kernel: newField('kernel'),
    execution_provider: newField('execution_provider'),
    compute_dtype: newField('compute_dtype'),
    batch_size: newField('batch_size'),
    seq_len: newField('seq_len'),
    decode_tokens: newField('decode_tokens'),
    code_revisions: newField('code_revisions'),
  }),
  ...formGroup('Memory', {
    memory_strategy: newField('memory_strategy'),
    block_size: newField('block_size'),
    prefix_caching: newField('prefix_caching'),
  }),
  ...formGroup('Scheduling', {
    policy: newField('policy'),
    step_mode: newField('step_mode'),
    token_budget: newField('token_budget'),
    chunk_size: newField('chunk_size'),
  }),
  ...formGroup('Example', {
    example_input: described.example_input.optional().meta({
      description:
        'Prompts to run, as text or as ids; made up from a seed when left out. As many sequences run as it has prompts, each as long as its prompt and what is decoded after it.',
    }),
    example_output: described.example_output.optional().meta({
      description: 'What a run of `example_input` must give: its tokens, its logits or both. The tokens of the first run when left out.',
    }),
  }),
};

/** Changes of a plan; examples can be taken away again. */
const planChanges = z
  .object({
    ...fields,
    ...described,
    example_input: described.example_input.nullable().meta({ description: '`null` takes it away.' }),
    example_output: described.example_output.nullable().meta({ description: '`null` takes it away: the next run says what it gives.' }),
  })
  .partial().shape;

/** A plan inside another input: what is left out is what a new plan would have. */
export const inlinePlan = z
  .strictObject(fields)
  .partial()
  .meta({
    id: 'InlinePlan',
    description: `An execution plan given in place. What is left out: ${Object.entries(PLAN_DEFAULTS)
      .filter(([name]) => name !== 'code_revisions')
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ')}. Of \`seq_len\` and \`decode_tokens\` the one that is left out makes room for the other.`,
  });

const executionPlan = z
  .object({
    id: z.string(),
    ...fields,
    name: described.name,
    description: described.description,
    example_input: described.example_input.nullable(),
    example_output: described.example_output.nullable(),
    built_in: z.boolean().meta({ description: 'Came with the workbench: it can be run and copied, not changed.' }),
    problems: z.array(planProblem).meta({
      description:
        'Why it could not run now as it says, such as a kernel that is gone or a sequence longer than the context. Empty: it can.',
    }),
    kv_bytes: z.int().min(0).nullable().meta({ description: 'Bytes of keys and values at its end, by the loaded model.' }),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'ExecutionPlan' });

/** What a run really used, beside what was asked for. */
export const planUsed = z
  .object({
    ...fields,
    model_id: z.string(),
    weights_hash: z.string(),
    fallbacks: z
      .array(z.object({ field: z.enum(PLAN_FIELDS), asked: z.unknown(), used: z.unknown(), reason: z.string() }))
      .meta({ description: 'Every field where it differs from the plan, with the reason.' }),
  })
  .meta({ id: 'PlanUsed' });

/** What services look at again, since their trusted callers are not validated and a plan is kept. */
export const planParts = z.object({
  plan: inlinePlan.optional(),
  example_input: exampleInput.nullable().optional(),
  example_output: exampleOutput.nullable().optional(),
});

/** The nested form, of whose fields none stands beside it. */
const nested = inlinePlan.optional().meta({
  description: 'The fields of the plan in an object of their own, in place of those beside it. An answer has them beside its other fields.',
});
const eitherForm = PLAN_FIELDS.map((field) => atMostOne('plan', field));

const validateOnly = z.boolean().default(false).meta({ description: 'Check it, say what it would be, and keep nothing.' });
export const planEndpoints = {
  plans: endpoint({
    method: 'GET',
    path: 'plans',
    scope: 'read',
    summary: 'The execution plans',
    description: 'Those that came with the workbench and your own, kept in this browser.',
    input: z.object({}),
    output: z.object({ plans: z.array(executionPlan) }),
    errors: [],
    examples: [
      {
        name: 'all plans',
        description: 'The plan `default` is among them.',
        input: {},
        validation_rules: { has_the_default: 'output.plans.exists(p, p.id == "default" && p.built_in)' },
      },
    ],
  }),
  createPlan: endpoint({
    method: 'POST',
    path: 'plans',
    scope: 'run',
    summary: 'Keep a plan',
    description:
      'With the fields of the plan in `plan` or beside the others. Checked when it is kept: a plan that the loaded model or the device cannot run is kept too, and its `problems` say why.',
    input: withRules(z.object({ ...newPlan, plan: nested, validate_only: validateOnly }), atLeastOne('name', 'id'), ...eitherForm),
    output: executionPlan,
    errors: ['conflict'],
    examples: [
      {
        name: 'a plan with the defaults',
        description: 'Only a name is needed.',
        input: { name: 'flash, one sequence', validate_only: true },
        expected_output: {
          name: 'flash, one sequence',
          kernel: 'flash_attention',
          batch_size: 1,
          memory_strategy: 'paged',
          built_in: false,
          problems: [],
        },
      },
      {
        name: 'a plan with an example',
        description: 'Its fields in an object of their own; a run is held against the logits, by their number first.',
        input: {
          id: 'flash_attention_example',
          plan: { batch_size: 4, kernel: 'flash_attention' },
          example_input: { text: 'Hello world' },
          example_output: { logits: [0.1, 0.2, 0.7] },
          validate_only: true,
        },
        expected_output: {
          id: 'flash_attention_example',
          name: 'flash_attention_example',
          batch_size: 4,
          kernel: 'flash_attention',
          seq_len: 64,
          example_input: { text: 'Hello world' },
          example_output: { logits: [0.1, 0.2, 0.7] },
        },
      },
      {
        name: 'a plan with a field that is none',
        description: 'The problem says which was meant.',
        input: { id: 'mine', plan: { kernal: 'naive' } } as never,
        expected_error: 'validation_failed',
      },
      {
        name: 'a plan in both forms',
        description: 'A field stands in `plan` or beside it.',
        input: { id: 'mine', plan: { kernel: 'naive' }, batch_size: 2 },
        expected_error: 'validation_failed',
      },
      {
        name: 'a plan beyond the context',
        description: 'It could be kept; its problems name the field.',
        input: { name: 'too long', seq_len: 131_072, validate_only: true },
        validation_rules: { says_why: 'output.problems.exists(p, p.path == "/seq_len")' },
      },
      {
        name: 'a plan over a revision that is not kept',
        description: 'Its problems name the resource.',
        input: { name: 'another MLP', code_revisions: { 'model.mlp': '0123456789abcdef' }, validate_only: true },
        validation_rules: { says_which: 'output.problems.exists(p, p.path == "/code_revisions/model.mlp")' },
      },
      { name: 'a plan without a name', description: '422 names the field.', input: {} as never, expected_error: 'validation_failed' },
      {
        name: 'a plan by a name that is taken',
        description: 'The plan `default` came with the workbench.',
        input: { id: 'default', name: 'mine' },
        expected_error: 'conflict',
      },
    ],
  }),
  plan: endpoint({
    method: 'GET',
    path: 'plans/{id}',
    scope: 'read',
    summary: 'One plan',
    description: 'With its example input and output, and whether it can run now.',
    input: z.object({ id: z.string() }),
    output: executionPlan,
    errors: ['not_found'],
    examples: [
      {
        name: 'the default plan',
        description: 'What every field left out stands for.',
        input: { id: 'default' },
        expected_output: { id: 'default', built_in: true, kernel: 'flash_attention' },
      },
      { name: 'unknown plan', description: 'No such plan.', input: { id: 'no-such-plan' }, expected_error: 'not_found' },
      {
        name: 'plan id with reserved characters',
        description: 'Slashes and question marks travel encoded.',
        input: { id: 'a/b?c=d' },
        expected_error: 'not_found',
      },
    ],
  }),
  updatePlan: endpoint({
    method: 'PUT',
    path: 'plans/{id}',
    scope: 'run',
    summary: 'Change a plan',
    description: 'What is left out stays. A plan that came with the workbench answers 409: keep a copy of it.',
    input: withRules(z.object({ id: z.string(), ...planChanges, plan: nested, validate_only: validateOnly }), ...eitherForm),
    output: executionPlan,
    errors: ['not_found', 'conflict'],
    examples: [
      {
        name: 'change an unknown plan',
        description: 'No such plan.',
        input: { id: 'no-such-plan', batch_size: 2 },
        expected_error: 'not_found',
      },
      {
        name: 'change a built-in plan',
        description: 'It stays as it came.',
        input: { id: 'default', batch_size: 2 },
        expected_error: 'conflict',
      },
      {
        name: 'a sequence of no tokens',
        description: '422 names the bound.',
        input: { id: 'default', seq_len: 0 },
        expected_error: 'validation_failed',
      },
    ],
  }),
  deletePlan: endpoint({
    method: 'DELETE',
    path: 'plans/{id}',
    scope: 'run',
    summary: 'Delete a plan',
    description: 'Experiments that used it keep their own copy.',
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string(), deleted: z.literal(true) }),
    errors: ['not_found', 'conflict'],
    examples: [
      { name: 'delete an unknown plan', description: 'No such plan.', input: { id: 'no-such-plan' }, expected_error: 'not_found' },
      { name: 'delete a built-in plan', description: 'It stays.', input: { id: 'default' }, expected_error: 'conflict' },
      { name: 'delete a plan of one space', description: 'No such plan either.', input: { id: ' ' }, expected_error: 'not_found' },
    ],
  }),
};
