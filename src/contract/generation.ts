/** Generation through the shared step loop: asked for, streamed, looked up and cancelled. */
import { samplingFields } from './sampling.ts';
import { z } from 'zod';
import { chatMessages, chatTemplateFields } from './chat.ts';
import { chosenId, endpoint } from './endpoint.ts';
import { formGroup, inForms } from './in-forms.ts';
import { alsoCalled } from './known-names.ts';
import { exactlyOne, withRules } from './rules.ts';
import { text } from './text.ts';
import { promptIds, tokenId } from './tokenizer.ts';

/** Parallel samples of one prompt. */
export const MAX_SAMPLES = 16;
/** Stop tokens of a request. */
const MAX_STOP_TOKENS = 128;
/** Characters of a stop string. */
const MAX_STOP_LENGTH = 1024;
/** Alternatives per token that `logprobs` may ask for. */
export const MAX_LOGPROBS = 20;

const tokenLogprob = z
  .object({
    token_id: tokenId,
    token: z.string(),
    logprob: z
      .number()
      .meta({ description: 'Of the raw logits, before temperature and filters; the least float32 for a token that is ruled out.' }),
    top: z.array(z.object({ token_id: tokenId, token: z.string(), logprob: z.number() })),
  })
  .meta({ id: 'TokenLogprob' });

const finishReason = z
  .enum(['stop', 'length', 'cancelled', 'error'])
  .meta({ description: '`stop`: end-of-sequence token or a stop string; `length`: max_new_tokens or the end of the context.' });

const usage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  cached_tokens: z.int().meta({ description: 'Prompt tokens whose keys and values came from the prefix cache.' }),
});

const generationTimings = z.object({
  queued_ms: z.number(),
  ttft_ms: z.number().meta({ description: 'Time to the first token, from arrival.' }),
  tpot_ms: z.number().nullable().meta({ description: '(latency − TTFT) / (n − 1).' }),
  e2e_ms: z.number(),
  tokens_per_second: z.number().nullable(),
});

const choice = z.object({
  index: z.int(),
  text: z.string(),
  token_ids: z.array(tokenId),
  finish_reason: finishReason,
  stop_string: z.string().nullable().meta({ description: 'That of `stop` which ended it; the text ends right before it.' }),
  stop_token_id: tokenId
    .nullable()
    .meta({ description: 'The last token, where it ended the sample: an end-of-sequence token, or one of `stop_token_ids`.' }),
  logprobs: z.array(tokenLogprob).optional(),
});

const generation = z
  .object({
    id: z.string(),
    model_id: z.string(),
    seed: z.int(),
    choices: z.array(choice),
    usage,
    timings: generationTimings,
  })
  .meta({ id: 'Generation' });

const generationEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('token'),
    data: z.object({
      id: z.string(),
      index: z.int().meta({ description: 'Which of the `n` samples.' }),
      token_id: tokenId,
      text: z.string().meta({ description: 'New text; empty while a multi-byte character or a possible stop string is incomplete.' }),
      elapsed_ms: z.number().min(0).meta({ description: 'From the arrival of the request to this token, by the clock of `timings`.' }),
      logprob: tokenLogprob.optional(),
    }),
  }),
  z.object({ event: z.literal('done'), data: generation }),
]);

const generationStatus = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'swapped', 'finished']),
    priority: z.int(),
    arrived_at: z.string(),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    max_new_tokens: z.int(),
    finish_reason: finishReason.nullable(),
  })
  .meta({ id: 'GenerationStatus' });

export const generationEndpoints = {
  generate: endpoint({
    method: 'POST',
    path: 'generate',
    scope: 'run',
    summary: 'Generate text',
    description:
      'Give exactly one of `prompt`, `input_ids` and `messages`. Greedy when `temperature` is 0. With `"stream": true` the answer is a stream of events `token`, then `done` with the whole result. Sampling goes `repetition_penalty`, `temperature`, `top_k`, `top_p`, `min_p`, then one draw, each filter over what the one before left, as in transformers; a patched sampler may do otherwise. Cancel with `DELETE /model/generations/{id}`, where `id` may be chosen by the caller.',
    input: withRules(
      z.object({
        prompt: text.optional().meta({ description: 'Text; see `add_special_tokens`.', ...alsoCalled('text', 'input', 'inputs') }),
        input_ids: promptIds
          .optional()
          .meta({ description: 'Ids, taken as they are.', ...alsoCalled('prompt_token_ids', 'token_ids', 'ids') }),
        messages: chatMessages.optional().meta({ description: 'Rendered with the chat template.', ...alsoCalled('conversation', 'chat') }),
        ...chatTemplateFields,
        add_special_tokens: z.boolean().optional().meta({
          description:
            'Add the tokens that the post-processor adds (BOS, …). Default: true with `prompt`; false with `messages`, whose template writes them. A text that begins with the BOS is never given a second one.',
        }),
        max_new_tokens: z
          .int()
          .min(1)
          .max(100_000)
          .default(64)
          .meta({
            description: 'Stop after so many tokens.',
            ...alsoCalled('max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_length', 'n_predict', 'num_predict'),
            ...inForms({ group: 'Output', usual: [1, 512] }),
          }),
        ...formGroup('Sampling', {
          ...samplingFields,
          seed: z
            .int()
            .min(0)
            .max(0xffffffff)
            .optional()
            .meta({
              description: 'Drawn and reported when left out.',
              ...alsoCalled('random_seed', 'manual_seed'),
              ...inForms({ empty: 'random each time' }),
            }),
        }),
        stop: z
          .array(z.string().min(1).max(MAX_STOP_LENGTH))
          .max(16)
          .default([])
          .meta({
            description: 'Any of these texts ends the sample, special tokens such as `<|endoftext|>` among them; it is left out of `text`.',
            ...alsoCalled('stop_strings', 'stop_sequences', 'stop_words', 'stops'),
            ...inForms({ group: 'Output', order: 1, empty: 'Text that ends the output, then Enter' }),
          }),
        stop_token_ids: z
          .array(tokenId)
          .max(MAX_STOP_TOKENS)
          .default([])
          .meta({
            description: 'Any of these tokens ends the sample; its own text is left out.',
            ...alsoCalled('stop_tokens', 'eos_token_id'),
          }),
        skip_special_tokens: z
          .boolean()
          .default(true)
          .meta({ description: 'Leave special tokens out of `text`. Stop strings match them either way.' }),
        ignore_eos: z
          .boolean()
          .default(false)
          .meta({
            description: 'Go on after the end-of-sequence token, for measurements of a fixed length.',
            ...inForms({ group: 'Output', order: 1 }),
          }),
        n: z
          .int()
          .min(1)
          .max(MAX_SAMPLES)
          .default(1)
          .meta({
            description: 'Samples of the same prompt; they share its KV blocks.',
            ...alsoCalled('num_return_sequences', 'num_samples'),
            ...inForms({ group: 'Output', usual: [1, MAX_SAMPLES] }),
          }),
        logprobs: z
          .int()
          .min(0)
          .max(MAX_LOGPROBS)
          .optional()
          .meta({
            description: 'Log-probabilities of the tokens, with this many alternatives each.',
            ...alsoCalled('top_logprobs'),
            ...inForms({ group: 'Output', usual: [0, MAX_LOGPROBS] }),
          }),
        stream: z.boolean().default(false),
        priority: z.int().min(-100).max(100).default(0).meta({ description: 'Lower runs first under the `priority` policy.' }),
        plan_id: z.string().optional().meta({
          description:
            'An execution plan to run under. All generations share one engine: the plan must be what is active, or 409 says for each field that differs what is and which call changes it. `auto` takes what is active; `batch_size`, `seq_len` and `decode_tokens` are about a workload and bind no request.',
        }),
        id: chosenId.optional().meta({ description: 'Id of the generation; given out when left out.', ...alsoCalled('request_id') }),
      }),
      exactlyOne('prompt', 'input_ids', 'messages'),
    ),
    output: generation,
    event: generationEvent,
    errors: [
      'token_out_of_range',
      'context_exceeded',
      'model_not_loaded',
      'queue_full',
      'cancelled',
      'conflict',
      'out_of_blocks',
      'tokenizer_invalid',
      'code_invalid',
      'not_finite',
      'not_found',
    ],
    examples: [
      {
        name: 'greedy continuation',
        description: 'Temperature 0 gives the same text each time.',
        input: { prompt: 'Once upon a time', max_new_tokens: 8, temperature: 0, ignore_eos: true },
        expected_output: { choices: [{ index: 0, finish_reason: 'length' }], usage: { completion_tokens: 8 } },
        validation_rules: { eight_tokens: 'size(output.choices[0].token_ids) == input.max_new_tokens' },
      },
      {
        name: 'sampled with a seed',
        description: 'The seed is reported back.',
        input: { prompt: 'The little dog', max_new_tokens: 6, temperature: 0.8, top_k: 40, top_p: 0.95, seed: 7, ignore_eos: true },
        expected_output: { seed: 7, usage: { completion_tokens: 6 } },
      },
      {
        name: 'log-probabilities',
        description: 'Each token with its three best alternatives.',
        input: { input_ids: [1, 5, 6], max_new_tokens: 3, temperature: 0, logprobs: 3, ignore_eos: true },
        validation_rules: {
          one_each: 'size(output.choices[0].logprobs) == 3',
          three_alternatives: 'output.choices[0].logprobs.all(p, size(p.top) == 3)',
          greedy_takes_the_best: 'output.choices[0].logprobs.all(p, p.token_id == p.top[0].token_id)',
        },
      },
      {
        name: 'emoji prompt, one token',
        description: 'The shortest generation from text outside the training data.',
        input: { prompt: '🐉', max_new_tokens: 1, temperature: 0, ignore_eos: true },
        expected_output: { usage: { completion_tokens: 1 } },
      },
      {
        name: 'under an unknown plan',
        description: 'No such plan.',
        input: { prompt: 'Hello', max_new_tokens: 1, plan_id: 'no-such-plan' },
        expected_error: 'not_found',
      },
      {
        name: 'prompt and ids together',
        description: 'Exactly one of the three is taken.',
        input: { prompt: 'Hello', input_ids: [1], max_new_tokens: 1 },
        expected_error: 'validation_failed',
      },
      {
        name: 'tools beside a prompt',
        description: 'What a chat template takes goes with messages only.',
        input: { prompt: 'Hello', tools: [{ name: 'weather' }], max_new_tokens: 1 },
        expected_error: 'validation_failed',
      },
      {
        name: 'temperature below zero',
        description: '422 names the field, the bound and the value.',
        input: { prompt: 'Hello', temperature: -1 },
        expected_error: 'validation_failed',
      },
    ],
  }),
  generations: endpoint({
    method: 'GET',
    path: 'generations',
    scope: 'read',
    summary: 'What runs',
    description: 'Generations that wait, run or are swapped out, and the last that finished.',
    input: z.object({}),
    output: z.object({ generations: z.array(generationStatus) }),
    errors: [],
    examples: [
      {
        name: 'list',
        description: 'A list, perhaps empty.',
        input: {},
        validation_rules: { is_a_list: 'size(output.generations) >= 0' },
      },
    ],
  }),
  generation: endpoint({
    method: 'GET',
    path: 'generations/{id}',
    scope: 'read',
    summary: 'One generation',
    description: 'Its state and how far it is.',
    input: z.object({ id: z.string() }),
    output: generationStatus,
    errors: ['not_found'],
    examples: [
      {
        name: 'unknown generation',
        description: 'An id that no generation has.',
        input: { id: 'gen_unknown' },
        expected_error: 'not_found',
      },
    ],
  }),
  cancel: endpoint({
    method: 'DELETE',
    path: 'generations/{id}',
    scope: 'run',
    summary: 'Cancel a generation',
    description: 'Takes effect within one step: its KV blocks are free and the stream ends with finish_reason `cancelled`.',
    input: z.object({ id: z.string() }),
    output: z.object({
      id: z.string(),
      completion_tokens: z.int(),
      tokens_saved: z.int().meta({ description: 'Tokens that were not computed thanks to the cancel.' }),
      blocks_freed: z.int(),
    }),
    errors: ['not_found', 'conflict'],
    examples: [
      {
        name: 'cancel an unknown generation',
        description: 'Nothing to cancel.',
        input: { id: 'gen_unknown' },
        expected_error: 'not_found',
      },
    ],
  }),
};
