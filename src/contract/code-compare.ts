/** `POST /code/compare/{id}`: what the model does with a prompt under two versions of a resource, on runners of their own. */
import { z } from 'zod';
import { id, revisionId } from './code-resource.ts';
import { endpoint } from './endpoint.ts';
import { candidate } from './forward.ts';
import { tensorSchema } from './tensor.ts';
import { tokenId } from './tokenizer.ts';

/** Captures and logits grow with the prompt: its end is enough to see a difference. */
export const MAX_COMPARED_TOKENS = 96;

const measured = z
  .object({
    revision_id: revisionId,
    input_ids: z.array(tokenId).meta({ description: 'Of the prompt.' }),
    tokens: z.array(z.string()),
    logits: tensorSchema
      .nullable()
      .meta({ description: `[T, V] over the last ${MAX_COMPARED_TOKENS} tokens of the prompt, where they were asked for.` }),
    captures: z.record(z.string(), tensorSchema),
    top_k: z.array(candidate).meta({ description: 'After the prompt.' }),
    generated: z.array(z.object({ token_id: tokenId, text: z.string() })),
    tokens_per_second: z.number().nullable().meta({ description: 'The best of a few runs; `null` for fewer than two tokens.' }),
  })
  .meta({ id: 'MeasuredVersion' });

export const compareVersions = endpoint({
  method: 'POST',
  path: 'compare/{id}',
  scope: 'run',
  summary: 'Compare two versions of a resource',
  description:
    'Runs a prompt under the built-in version and under the active one, or under the two that are named, on a runner of its own with everything else as it is active. What is active is not touched: generations under way go on with it. For `model.*`, `sampler` and `tokenizer.normalizer`.',
  input: z.object({
    id,
    revision_id: revisionId.optional().meta({ description: 'Gives `after`. Left out: the active version.' }),
    base_revision_id: revisionId.optional().meta({ description: 'Gives `before`. Left out: the built-in version.' }),
    prompt: z.string().min(1).max(100_000),
    capture: z
      .array(z.string())
      .max(256)
      .default([])
      .meta({ description: 'Hook points of `GET /model/info`; `*` stands for every layer.' }),
    logits: z.boolean().default(false),
    top_k: z.int().min(1).max(1000).default(5),
    temperature: z.number().min(0).max(100).default(0),
    seed: z.int().min(0).max(0xffffffff).default(7),
    max_new_tokens: z.int().min(1).max(1000).default(40),
  }),
  output: z
    .object({
      id,
      before: measured,
      after: measured,
      other_revisions: z.record(z.string(), revisionId).meta({
        description:
          'Active revision by resource of the other patched code that both versions ran with. With a patched `sampler` among them, the tokens at `temperature` 0 are those that it chose.',
      }),
    })
    .meta({ id: 'CodeComparison' }),
  errors: [
    'not_found',
    'conflict',
    'model_not_loaded',
    'context_exceeded',
    'out_of_blocks',
    'code_invalid',
    'not_finite',
    'tokenizer_invalid',
    'cancelled',
    'validation_failed',
  ],
  safe: true,
  examples: [
    {
      name: 'attention beside the built-in version',
      description: 'The same prompt under both; what is active stays.',
      input: { id: 'model.attention', prompt: 'Once upon a time', max_new_tokens: 4 },
      expected_output: { id: 'model.attention' },
      validation_rules: {
        same_prompt: 'output.before.input_ids == output.after.input_ids',
        something_written: 'size(output.before.generated) > 0 && size(output.after.generated) > 0',
      },
    },
    {
      name: 'a resource that changes no text',
      description: 'A policy changes who waits, never what is written.',
      input: { id: 'scheduler.policy', prompt: 'Once upon a time' },
      expected_error: 'conflict',
    },
    {
      name: 'compare an unknown resource',
      description: 'The problem names those there are.',
      input: { id: 'model.soul', prompt: 'Once' },
      expected_error: 'not_found',
    },
    {
      name: 'an empty prompt',
      description: '422 names the field.',
      input: { id: 'sampler', prompt: '' },
      expected_error: 'validation_failed',
    },
  ],
});
