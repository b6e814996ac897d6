/** The scheduler service: workloads served or simulated by one policy code, with the reason for every decision. */
import { z } from 'zod';
import { defineService, endpoint } from './endpoint.ts';
import { activePolicy, policyName, policyParameters, preemption, scheduledStep, stepBounds, stepMode } from './scheduling.ts';
import { MAX_STEPS, scheduleEndpoint } from './schedule.ts';
import { inForms } from './in-forms.ts';
import { MAX_WORKLOAD_REQUESTS } from './workload.ts';

const ms = z.number().min(0);
const schedulerPolicy = z
  .object({
    ...activePolicy,
    step_mode: stepMode,
    preemption,
    ...stepBounds,
    queue_limit: z.int().min(1).meta({ description: 'Requests that may wait; one more answers 429.' }),
    policies: z
      .array(
        z.object({
          name: policyName,
          rule: z.string(),
          parameters: z.array(
            z.object({
              name: z.string(),
              default: z.number(),
              minimum: z.number().nullable(),
              maximum: z.number().nullable(),
              description: z.string(),
            }),
          ),
        }),
      )
      .meta({ description: 'All that are known; `patched` is among them while `scheduler.policy` is patched.' }),
  })
  .meta({ id: 'SchedulerPolicy' });

const queuedRequest = z
  .object({
    request_id: z.string(),
    state: z.enum(['waiting', 'running', 'swapped', 'finished']),
    client: z.string(),
    priority: z.int(),
    deadline_ms: ms.nullable(),
    arrived_at: z.string(),
    age_ms: ms.meta({ description: 'Since arrival; of a finished one, until its end.' }),
    prompt_tokens: z.int(),
    cached_tokens: z.int(),
    computed_tokens: z.int().meta({ description: 'With keys and values in the pool.' }),
    completion_tokens: z.int(),
    max_new_tokens: z.int().meta({ description: 'Of each sample.' }),
    n: z.int().min(1).meta({ description: 'Samples.' }),
    blocks: z.int().min(0).meta({ description: 'Held now, in the pool or below it.' }),
    preemptions: z.int(),
    finish_reason: z.enum(['stop', 'length', 'cancelled', 'error']).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'QueuedRequest' });

export const scheduler = defineService({
  name: 'scheduler',
  title: 'Scheduler',
  description: 'Continuous batching that explains itself: policies, the queue, and workloads served live or simulated by the same code.',
  state: z.object({
    ready: z.boolean().meta({ description: 'A model is loaded, so that requests can be served.' }),
    policy: policyName.nullable(),
    step: z.int().min(0),
    waiting: z.int().min(0),
    running: z.int().min(0),
    swapped: z.int().min(0),
    failure: z.string().nullable().meta({ description: 'Why nothing can be served.' }),
  }),
  endpoints: {
    schedule: scheduleEndpoint,
    queue: endpoint({
      method: 'GET',
      path: 'queue',
      scope: 'read',
      summary: 'What waits and runs, and the last decisions',
      description:
        'Every request by state, the last that finished, and the last steps with the reason for each decision. Follow the engine live by asking for the steps after the last one seen.',
      input: z.object({
        after_step: z.int().min(0).default(0).meta({ description: 'Only steps after this one.' }),
        limit: z.int().min(0).max(MAX_STEPS).default(100).meta({ description: 'The last so many steps.' }),
      }),
      output: z
        .object({
          step: z.int().min(0).meta({ description: 'The last one taken.' }),
          waiting: z.array(queuedRequest),
          running: z.array(queuedRequest),
          swapped: z.array(queuedRequest),
          finished: z.array(queuedRequest).meta({ description: 'The last that ended, the latest first.' }),
          steps: z.array(scheduledStep).meta({ description: 'Oldest first.' }),
        })
        .meta({ id: 'SchedulerQueue' }),
      errors: ['model_not_loaded'],
      examples: [
        {
          name: 'the queue',
          description: 'Each list holds requests of its state.',
          input: {},
          validation_rules: {
            waiting_wait: 'output.waiting.all(r, r.state == "waiting")',
            running_run: 'output.running.all(r, r.state == "running")',
            finished_have_a_reason: 'output.finished.all(r, r.finish_reason != null)',
          },
        },
        { name: 'the queue without steps', description: 'A limit of none.', input: { limit: 0 }, expected_output: { steps: [] } },
        { name: 'a negative limit', description: '422 names the bound.', input: { limit: -1 }, expected_error: 'validation_failed' },
      ],
    }),
    policy: endpoint({
      method: 'GET',
      path: 'policy',
      scope: 'read',
      summary: 'The active policy',
      description: 'Active policy, parameters and bounds, and all policies known with their parameters.',
      input: z.object({}),
      output: schedulerPolicy,
      errors: ['model_not_loaded'],
      examples: [
        {
          name: 'active policy',
          description: 'It is one of those known.',
          input: {},
          validation_rules: {
            is_known: 'output.policies.exists(p, p.name == output.policy)',
            seven_at_least: 'size(output.policies) >= 7',
            has_a_rule: 'output.rule != ""',
          },
        },
      ],
    }),
    setPolicy: endpoint({
      method: 'PUT',
      path: 'policy',
      scope: 'patch',
      summary: 'Change the policy',
      description:
        'Becomes active with the next step; what is left out stays, and another policy starts with its default parameters. No request is lost: sequences beyond a lower `max_num_seqs` give way by the active preemption.',
      input: z.object({
        policy: policyName.optional().meta(inForms({ label: 'Order' })),
        parameters: policyParameters.optional(),
        step_mode: stepMode.optional(),
        preemption: preemption.optional(),
        token_budget: stepBounds.token_budget.optional(),
        max_num_seqs: stepBounds.max_num_seqs.optional(),
        chunk_size: stepBounds.chunk_size.optional(),
        queue_limit: z
          .int()
          .min(1)
          .max(MAX_WORKLOAD_REQUESTS)
          .optional()
          .meta({ description: 'Requests that may wait.', ...inForms({}) }),
        validate_only: z.boolean().default(false).meta({ description: 'Say what would be active and change nothing.' }),
      }),
      output: schedulerPolicy,
      errors: ['conflict', 'model_not_loaded', 'code_invalid'],
      examples: [
        {
          name: 'change nothing',
          description: 'What is left out stays; the answer is the active policy.',
          input: {},
          validation_rules: { is_known: 'output.policies.exists(p, p.name == output.policy)' },
        },
        {
          name: 'would shortest job first do',
          description: 'Its parameters start at their defaults; nothing is changed.',
          input: { policy: 'sjf', validate_only: true },
          expected_output: { policy: 'sjf' },
          validation_rules: { ages: 'output.parameters.ageing >= 0' },
        },
        {
          name: 'a parameter that the policy does not have',
          description: '422 names the parameter and those there are.',
          input: { policy: 'fcfs', parameters: { patience: 3 }, validate_only: true },
          expected_error: 'validation_failed',
        },
        {
          name: 'an unknown policy',
          description: '422 names the policies there are.',
          input: { policy: 'lottery' } as never,
          expected_error: 'validation_failed',
        },
        {
          name: 'a budget of no tokens',
          description: 'A step computes at least one.',
          input: { token_budget: 0 },
          expected_error: 'validation_failed',
        },
      ],
    }),
  },
});
