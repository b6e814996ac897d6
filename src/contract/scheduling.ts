/** The scheduler's reasoning as it travels: a step, what it cost, and for each request what was decided and why. */
import { z } from 'zod';
import { policy } from '../patchable/generated/rules.ts';
import { builtInName } from './built-in-name.ts';
import { inForms, options } from './in-forms.ts';
import { alsoCalled } from './known-names.ts';

const action = z.enum(['admit', 'wait', 'chunk', 'decode', 'preempt', 'swap_out', 'swap_in', 'finish', 'refuse']).meta({
  description:
    '`admit`: begins to run. `wait`: stays in the queue. `chunk`: computes a part of its prompt. `decode`: computes one token. `preempt`: gives its blocks back and is computed again later. `swap_out`, `swap_in`: its blocks move between tiers.',
});

const constraint = z
  .object({
    name: z.enum([
      'token_budget',
      'max_num_seqs',
      'chunk_size',
      'free_blocks',
      'watermark',
      'tier_blocks',
      'order',
      'mode',
      'quarantine',
      'max_length',
      'context',
      'queue_limit',
      'vocabulary',
      'prompt',
      'parameter',
    ]),
    needed: z.number(),
    available: z.number(),
    limit: z.number(),
  })
  .meta({
    id: 'Constraint',
    description:
      'The bound that decided: what was needed did not fit into what was available of the limit, in its own unit (tokens, sequences, blocks).',
  });

export const decision = z
  .object({
    step: z.int(),
    request_id: z.string(),
    index: z.int().meta({ description: 'Which sample of the request.' }),
    action,
    tokens: z.int().min(0).meta({ description: 'Computed for it in this step.' }),
    rule: z.string().meta({ description: 'The rule that was applied, as a sentence.' }),
    constraint: constraint.nullable().meta({ description: '`null`: nothing stood in the way.' }),
    passed_over: z.array(z.string()).meta({ description: 'Ids of the sequences that could have been chosen instead.' }),
  })
  .meta({ id: 'Decision' });

const features = z
  .object({
    batch_size: z.int(),
    prefill_tokens: z.int(),
    decode_tokens: z.int(),
    context_tokens: z.int().meta({ description: 'Tokens in the pool before the step, summed over the sequences.' }),
    attended_pairs: z.int().meta({ description: 'New tokens × tokens they attend to, summed: the work of attention.' }),
    moved_blocks: z.int().meta({ description: 'Copied, swapped out or swapped in.' }),
  })
  .meta({ id: 'StepFeatures', description: 'What the duration of a step depends on.' });

export const scheduledStep = z
  .object({
    step: z.int(),
    start_ms: z.number().meta({ description: 'On the clock of the run; 0 is its start.' }),
    end_ms: z.number(),
    run_ms: z.number().nullable().meta({ description: 'Inside the runtime; `null` in a simulation.' }),
    features,
    decisions: z.array(decision),
    waiting: z.int(),
    running: z.int(),
    swapped: z.int(),
    free_blocks: z.int(),
    cached_blocks: z.int(),
    used_blocks: z.int(),
    error: z.string().nullable().meta({ description: 'Why the run of the step failed.' }),
  })
  .meta({ id: 'ScheduledStep', description: 'One step, and where all requests stood after its schedule.' });

export const policyName = builtInName(
  policy,
  'Which request goes first.',
  'scheduler.policy',
  ' Where a policy has the parameter `preemptive`, that says whether a running request gives its seat to one that goes before it.',
);
export const stepMode = z.enum(['prefill_first', 'decode_first', 'mixed']).meta(
  options(
    'How a step is filled.',
    {
      prefill_first: 'prompts take the whole step',
      decode_first: 'every decoding sequence gets its token, prompts the rest',
      mixed: 'one order over both, that of the policy',
    },
    { label: 'A step is filled', control: 'segments' },
  ),
);
export const preemption = z.enum(['recompute', 'swap']).meta({
  description: 'What becomes of a sequence that must give way: computed again later, or swapped to the next tier.',
  ...inForms({ label: 'Preemption by', control: 'segments' }),
});

/** Parameters of a policy by name; which there are, `GET /scheduler/policy` tells. */
export const policyParameters = z
  .record(z.string().max(64), z.number())
  .meta({ description: "The policy's own parameters by name; those left out keep their defaults.", ...inForms({ label: 'Parameters' }) });

/** Bounds of a step that schedules, policies and plans share. */
export const stepBounds = {
  token_budget: z
    .int()
    .min(1)
    .max(1_000_000)
    .meta({ description: 'Tokens computed in one step.', ...alsoCalled('max_num_batched_tokens'), ...inForms({ label: 'Tokens a step' }) }),
  max_num_seqs: z
    .int()
    .min(1)
    .max(4096)
    .meta({ description: 'Sequences that run at once.', ...alsoCalled('max_batch_size'), ...inForms({ label: 'Sequences at once' }) }),
  chunk_size: z
    .int()
    .min(1)
    .max(1_000_000)
    .meta({
      description: 'Prompt tokens of one sequence computed in one step.',
      ...alsoCalled('max_prefill_tokens', 'long_prefill_token_threshold'),
      ...inForms({ label: 'Chunk of a prompt' }),
    }),
};

/** What every answer about a policy begins with. */
export const activePolicy = {
  policy: policyName,
  rule: z.string().meta({ description: 'The policy in one sentence.' }),
  parameters: z.record(z.string(), z.number()),
};
