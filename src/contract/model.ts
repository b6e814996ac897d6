/** The model service: forward passes with captures, generation through the step loop, and the weights in force. */
import { z } from 'zod';
import { chosenId, defineService, endpoint } from './endpoint.ts';
import { MAX_TAPS, tap } from './tap.ts';
import { tensorSchema } from './tensor.ts';
import { chatMessage, tokenId } from './tokenizer.ts';

/** Sequences in one forward call. */
export const MAX_FORWARD_BATCH = 64;
/** Parallel samples of one prompt. */
export const MAX_SAMPLES = 16;
/** Alternatives per token that `logprobs` may ask for. */
export const MAX_LOGPROBS = 20;

const tokenIds = z.array(tokenId).min(1);

const candidate = z.object({ token_id: tokenId, token: z.string(), logit: z.number(), logprob: z.number() }).meta({ id: 'Candidate' });

const tokenLogprob = z
  .object({
    token_id: tokenId,
    token: z.string(),
    logprob: z.number().meta({ description: 'Of the raw logits, before temperature and filters.' }),
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
  stop_string: z.string().nullable(),
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

const provider = z.enum(['webgpu', 'wasm']);

const weightsSource = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('bundled'), id: z.string().default('default') }).meta({ title: 'Bundled with the page' }),
    z.object({ kind: z.literal('url'), url: z.string() }).meta({ title: 'Folder at a URL' }),
    z
      .object({
        kind: z.literal('hub'),
        repo: z.string().regex(/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/, 'Expected owner/name'),
        revision: z.string().default('main'),
        endpoint: z.string().default('https://huggingface.co').meta({ description: 'A server with the paths of the Hugging Face hub.' }),
      })
      .meta({ title: 'Hugging Face hub' }),
    z
      .object({
        kind: z.literal('upload'),
        files: z
          .array(
            z.object({
              path: z.string(),
              data: z
                .union([
                  z.string(),
                  z.custom<Blob>((value) => value instanceof Blob).meta({ override: { type: 'string', contentEncoding: 'base64' } }),
                ])
                .meta({ override: { type: 'string', contentEncoding: 'base64' } }),
            }),
          )
          .min(1)
          .meta({
            description: 'Files of a Hugging Face layout folder: base64 in JSON, parts of a multipart form, or Blobs in direct mode.',
          }),
      })
      .meta({ title: 'Uploaded files' }),
  ])
  .meta({ id: 'WeightsSource' });

const weightsInForce = z
  .object({
    model_id: z.string(),
    source: z.string(),
    format: z.enum(['safetensors', 'onnx']),
    architecture: z.string(),
    parameters: z.int().meta({ description: '0 for an opaque ONNX model, whose weights are not looked into.' }),
    bytes: z.int(),
    dtype: z.string().meta({ description: 'Of the weights; the name of the graph for an opaque ONNX model.' }),
    weights_hash: z.string(),
    execution_provider: provider,
    compute_dtype: z.string(),
    loaded_at: z.string(),
    load_ms: z.number(),
    from_cache: z.boolean(),
  })
  .meta({ id: 'WeightsInForce' });

const loadProgress = z
  .object({
    phase: z.enum(['resolve', 'download', 'verify', 'build', 'swap']),
    file: z.string().nullable(),
    loaded_bytes: z.int(),
    total_bytes: z.int().nullable(),
  })
  .meta({ id: 'LoadProgress' });

const weightsEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('progress'), data: loadProgress }),
  z.object({ event: z.literal('done'), data: weightsInForce }),
]);

const hookPoint = z.object({
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

export const model = defineService({
  name: 'model',
  title: 'Model',
  description: 'Forward passes with captures, generation through the shared step loop, and the weights in force.',
  state: z.object({
    status: z.enum(['empty', 'loading', 'ready', 'failed']),
    error: z.string().nullable(),
    weights: weightsInForce.nullable(),
    loading: loadProgress.nullable(),
    config: z.record(z.string(), z.unknown()).nullable().meta({ description: "The model's config.json." }),
    num_layers: z.int().nullable(),
    num_attention_heads: z.int().nullable(),
    num_key_value_heads: z.int().nullable(),
    head_dim: z.int().nullable(),
    hidden_size: z.int().nullable(),
    vocab_size: z.int().nullable(),
    max_position_embeddings: z.int().nullable(),
    hook_points: z.array(hookPoint),
    layers: z.array(
      z.object({
        index: z.int(),
        parameters: z.int(),
        tensors: z.array(z.object({ name: z.string(), dtype: z.string(), shape: z.array(z.int()) })),
      }),
    ),
    execution_providers: z.array(z.object({ name: provider, available: z.boolean(), detail: z.string() })),
    threads: z.int(),
  }),
  endpoints: {
    forward: endpoint({
      method: 'POST',
      path: 'forward',
      summary: 'One forward pass',
      description:
        'Runs sequences through the model without sampling. `logits` chooses the last position, all positions, or the `top_k` candidates of each sequence’s last position. `capture` names hook points of `GET /model/info`; `*` stands for every layer. `taps` change values on their way (replace, ablate, add, scale), per sequence, token and head; captures show what comes of it, and `compare` sets the result beside the same pass without them. Sequences of different lengths are padded on the right with zeros in the results.',
      input: z.object({
        input_ids: z.union([tokenIds, z.array(tokenIds).min(1).max(MAX_FORWARD_BATCH)]),
        attention_mask: z
          .union([z.array(z.int().min(0).max(1)), z.array(z.array(z.int().min(0).max(1)))])
          .optional()
          .meta({ description: 'Ones for tokens, zeros for padding on the left or right; as long as `input_ids`.' }),
        capture: z.array(z.string()).max(256).default([]),
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
        effect: z.array(tapEffect).optional().meta({ description: 'Per sequence, where `compare` asks for it.' }),
      }),
      errors: ['token_out_of_range', 'context_exceeded', 'model_not_loaded', 'not_found', 'out_of_blocks'],
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
    generate: endpoint({
      method: 'POST',
      path: 'generate',
      summary: 'Generate text',
      description:
        'Give exactly one of `prompt`, `input_ids` and `messages`. Greedy when `temperature` is 0. With `"stream": true` the answer is a stream of events `token`, then `done` with the whole result. Cancel with `DELETE /model/generations/{id}`, where `id` may be chosen by the caller.',
      input: z.object({
        prompt: z.string().optional().meta({ description: 'Text; special tokens (BOS) are added.' }),
        input_ids: tokenIds.optional().meta({ description: 'Ids, taken as they are.' }),
        messages: z.array(chatMessage).min(1).optional().meta({ description: 'Rendered with the chat template.' }),
        max_new_tokens: z.int().min(1).max(100_000).default(64),
        temperature: z.number().min(0).max(100).default(1),
        top_k: z.int().min(0).default(0).meta({ description: 'Keep the k best; 0 keeps all.' }),
        top_p: z.number().gt(0).max(1).default(1),
        min_p: z.number().min(0).max(1).default(0),
        repetition_penalty: z.number().gt(0).max(100).default(1),
        seed: z.int().min(0).max(0xffffffff).optional().meta({ description: 'Drawn and reported when left out.' }),
        stop: z.array(z.string().min(1)).max(16).default([]),
        ignore_eos: z.boolean().default(false),
        n: z.int().min(1).max(MAX_SAMPLES).default(1).meta({ description: 'Samples of the same prompt; they share its KV blocks.' }),
        logprobs: z
          .int()
          .min(0)
          .max(MAX_LOGPROBS)
          .optional()
          .meta({ description: 'Log-probabilities of the tokens, with this many alternatives each.' }),
        stream: z.boolean().default(false),
        priority: z.int().min(-100).max(100).default(0).meta({ description: 'Lower runs first under the `priority` policy.' }),
        plan_id: z.string().optional().meta({
          description:
            'An execution plan to run under. All generations share one engine: the plan must be what is in force, or 409 says for each field that differs what is and which call changes it. `auto` takes what is in force; `batch_size`, `seq_len` and `decode_tokens` are about a workload and bind no request.',
        }),
        id: chosenId.optional().meta({ description: 'Id of the generation; given out when left out.' }),
      }),
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
        'not_found',
        'not_implemented',
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
      summary: 'Cancel a generation',
      description: 'Takes force within one step: its KV blocks are free and the stream ends with finish_reason `cancelled`.',
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
    weights: endpoint({
      method: 'GET',
      path: 'weights',
      summary: 'The weights in force, and a load in progress',
      description: 'Where they came from, their hash, size, provider; the progress of a load that runs.',
      input: z.object({}),
      output: z.object({ weights: weightsInForce.nullable(), loading: loadProgress.nullable() }),
      errors: [],
      examples: [
        {
          name: 'weights in force',
          description: 'The default model unless another was loaded.',
          input: {},
          validation_rules: { loaded: 'output.weights.bytes > 0' },
        },
      ],
    }),
    swapWeights: endpoint({
      method: 'PUT',
      path: 'weights',
      summary: 'Swap the weights',
      description:
        'Loads a Hugging Face layout folder (config.json, tokenizer.json, *.safetensors) from the bundle, a URL, the hub or uploaded files. Everything is verified before it replaces the old weights; on any failure the old model serves on. With `"stream": true`: events `progress`, then `done`.',
      input: z.object({
        source: weightsSource,
        execution_provider: z
          .enum(['auto', 'webgpu', 'wasm'])
          .default('auto')
          .meta({ description: '`auto`: WebGPU when there is an adapter, else WASM.' }),
        compute_dtype: z.enum(['auto', 'float32', 'float16']).default('auto'),
        cache: z.boolean().default(true).meta({ description: 'Keep downloaded files in the origin private file system.' }),
        stream: z.boolean().default(false),
      }),
      output: weightsInForce,
      event: weightsEvent,
      multipart: true,
      errors: ['weights_invalid', 'upstream_failed', 'conflict', 'tokenizer_invalid', 'cancelled'],
      examples: [
        {
          name: 'unreachable folder',
          description: 'A URL where nothing answers; the old model serves on.',
          input: { source: { kind: 'url', url: 'https://localhost:1/nothing-here' } },
          expected_error: 'upstream_failed',
        },
        {
          name: 'unknown bundled model',
          description: 'Only bundled models can be named.',
          input: { source: { kind: 'bundled', id: 'no-such-model' } },
          expected_error: 'upstream_failed',
        },
        {
          name: 'upload without config.json',
          description: 'A folder must be whole.',
          input: { source: { kind: 'upload', files: [{ path: 'tokenizer.json', data: 'e30=' }] } },
          expected_error: 'weights_invalid',
        },
        {
          name: 'a source of no known kind',
          description: '422 names the field.',
          input: { source: { kind: 'ftp' } } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
  },
});
