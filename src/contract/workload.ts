/** What arrives when: the workloads that the scheduler serves or simulates and that experiments run under. */
import { z } from 'zod';
import { inForms } from './in-forms.ts';
import { exactlyOne, needs, withRules } from './rules.ts';
import { MAX_TEXT_LENGTH } from './text.ts';

/** Requests in one workload. */
export const MAX_WORKLOAD_REQUESTS = 100_000;
/** Tokens that all requests of a workload generate together. */
export const MAX_WORKLOAD_TOKENS = 20_000_000;
/** Characters of a trace. */
export const MAX_TRACE_LENGTH = 30_000_000;

/** About three years: sums of them stay exact. */
export const MAX_MS = 1e11;

const tokens = z.int().min(1).max(1_000_000);
const rate = z
  .number()
  .min(1e-6)
  .max(100_000)
  .meta({ description: 'Requests per second.', ...inForms({ label: 'Requests/s' }) });
const count = z.int().min(1).max(MAX_WORKLOAD_REQUESTS);

/** What is wrong with a range that ends before it begins. JSON Schema has no word for that: the description says it. */
export const rangeFault = ({ min, max }: { min: number; max: number }): string | null =>
  min <= max ? null : `must be at most max, which is ${max}; it is ${min}`;

const lengths = z
  .discriminatedUnion('distribution', [
    z.strictObject({ distribution: z.literal('fixed'), tokens: tokens.meta(inForms({ label: 'each' })) }).meta({ title: 'Fixed' }),
    z
      .strictObject({
        distribution: z.literal('uniform'),
        min: tokens.meta({ description: 'At most `max`.', ...inForms({}) }),
        max: tokens.meta(inForms({})),
      })
      .check((payload) => {
        const message = rangeFault(payload.value);
        if (message !== null) payload.issues.push({ code: 'custom', input: payload.value, path: ['min'], message });
      })
      .meta({ title: 'Uniform' }),
    z
      .strictObject({
        distribution: z.literal('lognormal'),
        median: tokens.meta(inForms({})),
        sigma: z
          .number()
          .gt(0)
          .max(5)
          .meta({ description: 'Standard deviation of the logarithm.', ...inForms({}) }),
        max: tokens.optional().meta({ description: 'Longer ones are cut to this, and all to the context.', ...inForms({}) }),
      })
      .meta({ title: 'Log-normal' }),
  ])
  .meta({ id: 'TokenLengths', description: 'How lengths in tokens are drawn.' });

const sharedPrefix = z
  .strictObject({
    groups: z
      .int()
      .min(1)
      .max(10_000)
      .meta({
        description: 'So many different prefixes; each request has one of them.',
        ...inForms({ label: 'Shared prefixes', empty: 'none' }),
      }),
    tokens: tokens.meta({ description: 'Length of a prefix, part of the prompt.', ...inForms({ label: 'Prefix tokens', begin: 32 }) }),
  })
  .meta({ id: 'SharedPrefix', description: 'Prompts begin alike, as with system prompts.' });

/** Of the kinds that draw their requests. */
const drawn = {
  num_requests: count.meta(inForms({ label: 'Requests' })),
  prompt_tokens: lengths.meta(inForms({ label: 'Prompt tokens' })),
  output_tokens: lengths.meta(inForms({ label: 'Output tokens' })),
  shared_prefix: sharedPrefix.optional(),
  clients: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'Requests come from so many clients in turn; 1 when left out.', ...inForms({ label: 'Clients', empty: '1' }) }),
  priorities: z
    .array(z.int().min(-100).max(100))
    .min(1)
    .max(201)
    .optional()
    .meta({ description: 'Each request draws one of these; 0 when left out.', ...inForms({ label: 'Priorities', empty: '0' }) }),
  deadline_ms: z
    .number()
    .gt(0)
    .max(MAX_MS)
    .optional()
    .meta({
      description: 'From arrival; for `edf` and goodput, nothing is ended by it.',
      ...inForms({ label: 'Deadline', unit: 'ms', empty: 'none' }),
    }),
};

export const workloadRequest = withRules(
  z.strictObject({
    id: z.string().min(1).max(128).optional(),
    arrival_ms: z.number().min(0).max(MAX_MS).optional().meta({ description: 'After the start; 0 when left out.' }),
    prompt: z.string().min(1).max(MAX_TEXT_LENGTH).optional().meta({ description: 'Give this or `prompt_tokens`.' }),
    prompt_tokens: tokens.optional().meta({ description: 'A prompt of so many tokens is made up.' }),
    output_tokens: tokens.meta({ description: 'Tokens to generate; an end-of-sequence token does not end it earlier.' }),
    prefix: z
      .strictObject({ group: z.string().max(128), tokens })
      .optional()
      .meta({ description: 'A made-up prompt begins like all others of the group.' }),
    client: z.string().max(128).optional(),
    priority: z.int().min(-100).max(100).optional().meta({ description: 'Lower is more urgent; 0 when left out.' }),
    deadline_ms: z.number().gt(0).max(MAX_MS).optional().meta({ description: 'From arrival.' }),
  }),
  exactlyOne('prompt', 'prompt_tokens'),
  needs('prefix', 'prompt_tokens'),
).meta({ id: 'WorkloadRequest' });

/** Every kind says all it needs: nothing nested has a default. */
export const workload = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('requests'),
        requests: z
          .array(workloadRequest)
          .min(1)
          .max(MAX_WORKLOAD_REQUESTS)
          .meta(inForms({ label: 'Requests' })),
      })
      .meta({ title: 'These requests' }),
    z.strictObject({ kind: z.literal('poisson'), rate, ...drawn }).meta({ title: 'Poisson arrivals' }),
    z
      .strictObject({
        kind: z.literal('gamma'),
        rate,
        burstiness: z
          .number()
          .min(0.001)
          .max(100)
          .meta({
            description: 'Shape of the gaps: 1 is Poisson, below 1 more bursty, above 1 more even.',
            ...inForms({ label: 'Burstiness' }),
          }),
        ...drawn,
      })
      .meta({ title: 'Gamma arrivals' }),
    z
      .strictObject({
        kind: z.literal('ramp'),
        start_rate: rate.meta(inForms({ label: 'From, requests/s' })),
        end_rate: rate.meta(inForms({ label: 'To, requests/s' })),
        ...drawn,
      })
      .meta({ title: 'Ramp', description: 'Poisson arrivals whose rate changes evenly from the first request to the last.' }),
    z
      .strictObject({
        kind: z.literal('closed_loop'),
        concurrency: z
          .int()
          .min(1)
          .max(10_000)
          .meta({ description: 'So many users, each with one request at a time.', ...inForms({ label: 'Users' }) }),
        think_ms: z
          .number()
          .min(0)
          .max(MAX_MS)
          .optional()
          .meta({
            description: "Between a user's requests; 0 when left out.",
            ...inForms({ label: 'Think time', unit: 'ms', empty: '0' }),
          }),
        ...drawn,
      })
      .meta({ title: 'Closed loop' }),
    z
      .strictObject({
        kind: z.literal('trace'),
        format: z.enum(['azure_csv', 'mooncake_jsonl']).meta({
          description:
            '`azure_csv`: the columns TIMESTAMP (year first; UTC without an offset), ContextTokens and GeneratedTokens, quoted or not. `mooncake_jsonl`: timestamp in ms, input_length, output_length, hash_ids of blocks of 512 tokens, equal ones become a shared prefix. Rows may come in any order: arrivals count from the earliest.',
        }),
        data: z
          .string()
          .min(1)
          .max(MAX_TRACE_LENGTH)
          .meta({ description: 'The text of the file.', ...inForms({ label: 'Trace' }) }),
        max_requests: count
          .optional()
          .meta({ description: 'Only the first so many.', ...inForms({ label: 'Only the first', empty: 'all' }) }),
        time_scale: z
          .number()
          .min(1e-6)
          .max(1e6)
          .optional()
          .meta({
            description: 'Gaps between arrivals are multiplied by this; 1 when left out.',
            ...inForms({ label: 'Gaps ×', empty: '1' }),
          }),
        length_scale: z
          .number()
          .min(1e-6)
          .max(1)
          .optional()
          .meta({
            description: 'Lengths are multiplied by this; left out, by what brings the longest request into the context.',
            ...inForms({ label: 'Lengths ×', empty: 'fit the context' }),
          }),
      })
      .meta({ title: 'Trace' }),
  ])
  .meta({
    id: 'Workload',
    description: `Together the requests generate at most ${MAX_WORKLOAD_TOKENS} tokens.`,
    ...inForms({ label: 'Arrivals' }),
  });
