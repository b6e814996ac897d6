/** A forward pass: logits, captures of what passes by on the way, and changes of it. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { MAX_TAPS, tap } from './tap.ts';
import { notFinite, tensorSchema } from './tensor.ts';
import { MAX_IDS, promptIds, tokenId } from './tokenizer.ts';

/** Sequences in one forward call. */
export const MAX_FORWARD_BATCH = 64;

/** Values of all tensors in one answer: half a gigabyte. */
export const MAX_FORWARD_VALUES = 2 ** 27;

const mask = z.array(z.int().min(0).max(1)).min(1).max(MAX_IDS);

/** Two float32 whose product is none. */
const BEYOND_FLOAT32 = [
  { hook_point: 'hidden_states.0', op: 'replace' as const, value: 3e38 },
  { hook_point: 'hidden_states.0', op: 'scale' as const, value: 2 },
];

export const candidate = z
  .object({ token_id: tokenId, token: z.string(), logit: z.number(), logprob: z.number() })
  .meta({ id: 'Candidate' });

export const hookPoint = z.object({
  name: z.string(),
  shape: z.string(),
  description: z.string(),
  tappable: z
    .boolean()
    .meta({ description: 'Whether `taps` may change it; attention maps are read only, since fused kernels never form them.' }),
});

const tapEffect = z
  .object({
    kl_divergence: z
      .number()
      .meta({ description: 'KL(untapped ‖ tapped) of the next-token distributions after the last position, in nats.' }),
    max_abs_logit_difference: z.number().meta({ description: 'At the last position.' }),
    before: z.array(candidate).meta({ description: 'The `top_k` candidates without the taps.' }),
    after: z.array(candidate),
  })
  .meta({ id: 'TapEffect' });

export const forwardEndpoints = {
  forward: endpoint({
    method: 'POST',
    path: 'forward',
    scope: 'run',
    summary: 'One forward pass',
    description:
      'Runs sequences through the model without sampling. `logits` chooses the last position, all positions, or the `top_k` candidates of each sequence’s last position. `capture` names hook points of `GET /model/info`; `*` stands for every layer. `taps` change values on their way (replace, ablate, add, scale), per sequence, token and head; captures show what comes of it, and `compare` sets the result beside the same pass without them. Sequences of different lengths are padded on the right with zeros in the results, ' +
      `which have at most ${MAX_FORWARD_VALUES} values together.`,
    input: z.object({
      input_ids: z.union([promptIds, z.array(promptIds).min(1).max(MAX_FORWARD_BATCH)]),
      attention_mask: z
        .union([mask, z.array(mask).min(1).max(MAX_FORWARD_BATCH)])
        .optional()
        .meta({ description: 'Ones for tokens, zeros for padding on the left or right; as long as `input_ids`.' }),
      capture: z.array(z.string().max(256)).max(256).default([]),
      logits: z.enum(['last', 'all', 'top_k', 'none']).default('last'),
      top_k: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .meta({ description: 'Candidates per sequence, when `logits` is `top_k` and in `effect`.' }),
      taps: z.array(tap).max(MAX_TAPS).default([]).meta({ description: 'Changes of values on their way, in this order.' }),
      compare: z
        .boolean()
        .default(false)
        .meta({ description: 'Runs the sequences without the taps too and tells what these change, in `effect`.' }),
    }),
    output: z.object({
      lengths: z.array(z.int()).meta({ description: 'Tokens of each sequence.' }),
      logits: tensorSchema.optional().meta({ description: '[B, V] for `last`, [B, T, V] for `all`.' }),
      top_k: z.array(z.array(candidate)).optional(),
      captures: z.record(z.string(), tensorSchema),
      not_finite: notFinite,
      effect: z.array(tapEffect).optional().meta({ description: 'Per sequence, where `compare` asks for it.' }),
    }),
    errors: ['token_out_of_range', 'context_exceeded', 'model_not_loaded', 'not_found', 'out_of_blocks', 'not_finite', 'code_invalid'],
    safe: true,
    examples: [
      {
        name: 'logits of the last position',
        description: 'One sequence gives one row of logits.',
        input: { input_ids: [1, 5, 6, 7] },
        expected_output: { lengths: [4] },
        validation_rules: { one_row: 'output.logits.shape[0] == 1', two_dimensions: 'size(output.logits.shape) == 2' },
      },
      {
        name: 'top five of a batch of one',
        description: 'Candidates come best first.',
        input: { input_ids: [[1, 5, 6]], logits: 'top_k', top_k: 5 },
        validation_rules: {
          five: 'size(output.top_k[0]) == 5',
          best_first: 'output.top_k[0][0].logit >= output.top_k[0][4].logit',
        },
      },
      {
        name: 'attention maps and hidden states',
        description: 'A ragged batch with captures of the first layer.',
        input: {
          input_ids: [
            [1, 5, 6, 7, 8],
            [1, 9],
          ],
          logits: 'none',
          capture: ['attentions.0', 'hidden_states.0'],
        },
        expected_output: { lengths: [5, 2] },
        validation_rules: {
          attention_is_square: 'output.captures["attentions.0"].shape[2] == output.captures["attentions.0"].shape[3]',
          hidden_states_of_five: 'output.captures["hidden_states.0"].shape[1] == 5',
        },
      },
      {
        name: 'a tap on the last token',
        description: 'The embedding of the last token is taken out; the effect is told beside the same pass without it.',
        input: {
          input_ids: [1, 5, 6, 7],
          logits: 'none',
          capture: ['hidden_states.0'],
          taps: [{ hook_point: 'hidden_states.0', op: 'ablate', tokens: [-1] }],
          compare: true,
          top_k: 3,
        },
        validation_rules: {
          it_changes_the_distribution: 'output.effect[0].kl_divergence > 0',
          three_candidates: 'size(output.effect[0].after) == 3',
        },
      },
      {
        name: 'a tap that is no float32',
        description: 'Values are held as float32: 1e39 would be infinite.',
        input: { input_ids: [1, 5], taps: [{ hook_point: 'hidden_states.0', op: 'scale', value: 1e39 }], compare: true },
        expected_error: 'validation_failed',
      },
      {
        name: 'a tap that drives values beyond float32',
        description: 'What cannot be told is refused by name, not told as null.',
        input: { input_ids: [1, 5], taps: BEYOND_FLOAT32, compare: true },
        expected_error: 'not_finite',
      },
      {
        name: 'captures that are not finite',
        description: 'Tensors keep their values, and the answer names those that are not finite.',
        input: { input_ids: [1, 5], taps: BEYOND_FLOAT32, capture: ['hidden_states.0'] },
        validation_rules: { says_which: 'output.not_finite.exists(n, n.tensor == "logits")' },
      },
      {
        name: 'a tap on an attention map',
        description: 'Fused kernels never form them: they can be captured and not changed.',
        input: { input_ids: [1, 5], taps: [{ hook_point: 'attentions.0', op: 'ablate' }] },
        expected_error: 'validation_failed',
      },
      {
        name: 'token out of the vocabulary',
        description: 'Names the id and the vocabulary.',
        input: { input_ids: [1, 99_999_999] },
        expected_error: 'token_out_of_range',
      },
      {
        name: 'unknown capture',
        description: 'A hook point the model does not have.',
        input: { input_ids: [1], capture: ['attentions.999'] },
        expected_error: 'not_found',
      },
    ],
  }),
};
