/** The tokenizer service: text to token ids and back, with any `tokenizer.json`. */
import { z } from 'zod';
import { chatMessages, chatTemplateFields } from './chat.ts';
import { defineService, endpoint } from './endpoint.ts';
import { alsoCalled } from './known-names.ts';
import { needsWhen, withRules } from './rules.ts';
import { MAX_TEXT_LENGTH, text, texts } from './text.ts';

/** Tokenizations kept for `GET /tokenizer/detokenize/{id}`; the least recently used goes first. */
export const KEPT_TOKENIZATIONS = 1024;
/** Tokens of them in all, 4 bytes each. One tokenization above it is kept alone. */
export const KEPT_TOKENS = 8_000_000;
/** Texts in one call. */
export const MAX_TEXTS = 1024;
/** Ids in one call. */
export const MAX_IDS = 1_000_000;

export const tokenId = z.int().min(0);
/** A sequence to compute on. */
export const promptIds = z.array(tokenId).min(1).max(MAX_IDS);
const ids = z.array(tokenId).max(MAX_IDS);

const padding = z
  .enum(['none', 'longest', 'max_length'])
  .meta({ description: '`longest` pads to the longest text of the call, `max_length` to `max_length`.' });

const tokenizationOptions = {
  add_special_tokens: z.boolean().default(true).meta({ description: 'Add the tokens that the post-processor adds (BOS, [CLS], …).' }),
  padding: padding.default('none'),
  padding_side: z.enum(['left', 'right']).default('right'),
  truncation: z.boolean().default(false).meta({ description: "Cut at `max_length`, or at the tokenizer's `model_max_length`." }),
  max_length: z.int().min(1).max(MAX_IDS).optional().meta({ description: 'In tokens, special tokens included.' }),
};

const perText = <T extends z.ZodType>(one: T) => z.union([one, z.array(one)]);

const specialToken = z.object({ id: tokenId, token: z.string(), role: z.string().optional() });

export const tokenizerConfig = z
  .object({
    tokenizer_id: z.string().meta({ description: 'The model it came with, or `custom`.' }),
    type: z.string().meta({ description: 'BPE, WordPiece, Unigram, …' }),
    vocab_size: z.int(),
    model_max_length: z.int().nullable(),
    normalizer: z.string().nullable(),
    pre_tokenizer: z.string().nullable(),
    post_processor: z.string().nullable(),
    decoder: z.string().nullable(),
    special_tokens: z.array(specialToken),
    chat_template: z.string().nullable(),
  })
  .meta({ id: 'TokenizerConfig' });

const detokenizeOptions = {
  skip_special_tokens: z.boolean().default(false),
  clean_up_tokenization_spaces: z.boolean().default(false),
};

export const tokenizer = defineService({
  name: 'tokenizer',
  title: 'Tokenizer',
  description: 'Text to token ids and back: batches, special tokens, padding, truncation, offsets, chat templates.',
  state: z.object({
    tokenizer_id: z.string().nullable(),
    vocab_size: z.int().nullable(),
    kept: z.int().meta({ description: 'Tokenizations kept for detokenize by id.' }),
    kept_limit: z.int(),
  }),
  endpoints: {
    tokenize: endpoint({
      method: 'POST',
      path: 'tokenize',
      scope: 'run',
      summary: 'Text to token ids',
      description:
        'Tokenizes one text or many. For one text the results are flat lists, for many they are lists of lists. `offsets` are [start, end) in UTF-16 code units, as JavaScript counts them; a special token has [0, 0].',
      input: z.object({
        text: z.union([text, texts(MAX_TEXTS)]).meta({
          description: `One text, or up to ${MAX_TEXTS}; at most ${MAX_TEXT_LENGTH} characters in all.`,
          ...alsoCalled('texts', 'input', 'inputs', 'prompt'),
        }),
        ...tokenizationOptions,
        return_offsets: z
          .boolean()
          .default(true)
          .meta({ ...alsoCalled('return_offsets_mapping') }),
      }),
      output: z
        .object({
          id: z.string().meta({
            description:
              'Stands for these ids and the tokenizer that made them, the same for the same, until the worker starts anew or later tokenizations take its place: `GET /tokenizer/detokenize/{id}`.',
          }),
          input_ids: perText(z.array(tokenId)),
          attention_mask: perText(z.array(z.int().min(0).max(1))),
          tokens: perText(z.array(z.string())),
          offsets: perText(z.array(z.tuple([z.int(), z.int()]))).optional(),
        })
        .meta({ id: 'Tokenization' }),
      errors: ['code_invalid', 'tokenizer_invalid', 'model_not_loaded'],
      examples: [
        {
          name: 'plain text',
          description: 'A sentence becomes ids, tokens and offsets of one length.',
          input: { text: 'Once upon a time' },
          validation_rules: {
            tokens_length: 'size(output.input_ids)',
            offsets_length: 'size(output.input_ids)',
            mask_is_all_ones: 'output.attention_mask.all(m, m == 1)',
            the_last_offset_is_the_end: 'output.offsets[size(output.offsets) - 1][1] == size(text)',
          },
        },
        {
          name: 'empty text',
          description: 'Without special tokens nothing is left.',
          input: { text: '', add_special_tokens: false },
          expected_output: { input_ids: [], attention_mask: [], tokens: [], offsets: [] },
        },
        {
          name: 'a basic tokenization',
          description: 'A token to begin with, then one for each byte of `Zoë`, whose last letter has two: two more than characters.',
          tokenizer: 'default',
          input: { text: 'Zoë', add_special_tokens: true },
          expected_output: { input_ids: [0, 58, 79, 128, 105], attention_mask: [1, 1, 1, 1, 1] },
          validation_rules: { input_ids_length: 'len(text) + 2' },
        },
        {
          name: 'batch of one',
          description: 'A list of one text gives lists of one list.',
          input: { text: ['Hello'] },
          validation_rules: { input_ids_length: 'size(text)' },
        },
        {
          name: 'padded batch',
          description: 'Texts of different lengths padded to the longest.',
          input: { text: ['The cat sat on the mat.', 'Hi'], padding: 'longest' },
          validation_rules: {
            same_length: 'size(output.input_ids[0]) == size(output.input_ids[1])',
            padding_is_masked: 'output.attention_mask[1].exists(m, m == 0)',
          },
        },
        {
          name: 'emoji and CJK',
          description: 'A family emoji with joiners, Japanese and Korean; offsets cover the text to its end.',
          input: { text: '👩‍👩‍👧 こんにちは 안녕', add_special_tokens: false },
          validation_rules: { tokens_length: 'size(output.input_ids)', something: 'size(output.input_ids) > 0' },
        },
        {
          name: 'right-to-left',
          description: 'Hebrew and Arabic.',
          input: { text: 'שלום مرحبا', add_special_tokens: false },
          validation_rules: { tokens_length: 'size(output.input_ids)' },
        },
        {
          name: 'very long text, truncated',
          description: 'Ten thousand words cut at 32 tokens.',
          input: { text: 'word '.repeat(10_000), truncation: true, max_length: 32, return_offsets: false },
          validation_rules: { input_ids_length: '32' },
        },
        {
          name: 'text of the wrong type',
          description: 'A number is not a text: 422 names the field.',
          input: { text: 42 } as never,
          expected_error: 'validation_failed',
        },
      ],
    }),
    detokenizeById: endpoint({
      method: 'GET',
      path: 'detokenize/{id}',
      scope: 'read',
      summary: 'Text of a stored tokenization',
      description: `By the id that \`POST /tokenizer/tokenize\` gave, also after another tokenizer took the place of its own. The last ${KEPT_TOKENIZATIONS} tokenizations are kept, of at most ${KEPT_TOKENS} tokens in all, until the worker starts anew; the least recently used go first, and answer 404 then. Padding is left out of the text.`,
      input: z.object({
        id: z.string().meta({ description: 'Of a tokenization, as in `detokenize/tok_90cd0b1a5f3e7d24`.' }),
        ...detokenizeOptions,
      }),
      output: z.object({ id: z.string(), text: perText(z.string()) }),
      errors: ['not_found', 'model_not_loaded'],
      examples: [
        {
          name: 'unknown id',
          description: 'An id that was never given out.',
          input: { id: 'tok_unknown' },
          expected_error: 'not_found',
        },
        {
          name: 'empty-looking id',
          description: 'An id of one space is unknown too.',
          input: { id: ' ' },
          expected_error: 'not_found',
        },
        {
          name: 'id with reserved characters',
          description: 'Slashes and question marks travel encoded.',
          input: { id: 'a/b?c=d' },
          expected_error: 'not_found',
        },
      ],
    }),
    detokenize: endpoint({
      method: 'POST',
      path: 'detokenize',
      scope: 'run',
      summary: 'Text of token ids',
      description:
        'Decodes one list of ids or many. An id that the model can give and that stands for no token, as where its embedding has more rows, is empty text; one beyond model and tokenizer is refused.',
      input: z.object({
        input_ids: z.union([ids, z.array(ids).min(1).max(MAX_TEXTS)]).meta({ ...alsoCalled('ids', 'tokens', 'token_ids') }),
        ...detokenizeOptions,
      }),
      output: z.object({ text: perText(z.string()) }),
      errors: ['token_out_of_range', 'model_not_loaded'],
      safe: true,
      examples: [
        { name: 'no ids', description: 'An empty list is an empty text.', input: { input_ids: [] }, expected_output: { text: '' } },
        {
          name: 'batch of ids',
          description: 'Two lists give two texts.',
          input: { input_ids: [[5, 6, 7], []] },
          validation_rules: { text_length: '2', second_is_empty: 'output.text[1] == ""' },
        },
        {
          name: 'id out of the vocabulary',
          description: 'Names the id and the size of the vocabulary.',
          input: { input_ids: [1, 99_999_999] },
          expected_error: 'token_out_of_range',
        },
        { name: 'negative id', description: 'Ids are at least 0.', input: { input_ids: [-1] }, expected_error: 'validation_failed' },
      ],
    }),
    config: endpoint({
      method: 'GET',
      path: 'config',
      scope: 'read',
      summary: 'The active tokenizer',
      description: 'Its type, vocabulary, stages, special tokens and chat template.',
      input: z.object({}),
      output: tokenizerConfig,
      errors: ['model_not_loaded'],
      examples: [
        {
          name: 'the active tokenizer',
          description: 'Has a vocabulary.',
          input: {},
          validation_rules: { vocabulary: 'output.vocab_size > 0', special_tokens: 'size(output.special_tokens) > 0' },
        },
      ],
    }),
    configure: endpoint({
      method: 'POST',
      path: 'config',
      scope: 'patch',
      summary: 'Choose the tokenizer',
      description:
        "`model` goes back to the model's own; `custom` takes the contents of a tokenizer.json. A broken one is rejected and the old one serves on.",
      input: withRules(
        z.object({
          source: z.enum(['model', 'custom']).default('model'),
          tokenizer_json: z.record(z.string(), z.unknown()).optional().meta({ description: 'Contents of tokenizer.json, for `custom`.' }),
          tokenizer_config: z.record(z.string(), z.unknown()).optional().meta({ description: 'Contents of tokenizer_config.json.' }),
        }),
        needsWhen('source', 'custom', 'tokenizer_json'),
      ),
      output: tokenizerConfig,
      errors: ['tokenizer_invalid', 'model_not_loaded'],
      examples: [
        { name: "the model's own tokenizer", description: 'Goes back to the tokenizer of the model.', input: { source: 'model' } },
        {
          name: 'custom without a file',
          description: '`custom` needs `tokenizer_json`.',
          input: { source: 'custom' },
          expected_error: 'validation_failed',
        },
        {
          name: 'corrupt tokenizer',
          description: 'A tokenizer.json without a model.',
          input: { source: 'custom', tokenizer_json: { version: '1.0' } },
          expected_error: 'tokenizer_invalid',
        },
      ],
    }),
    chatTemplate: endpoint({
      method: 'POST',
      path: 'chat_template',
      scope: 'run',
      summary: 'Messages to prompt and ids',
      description:
        "Renders the tokenizer's Jinja chat template, or the one given, and tokenizes the result without adding special tokens again.",
      input: z.object({
        messages: chatMessages,
        ...chatTemplateFields,
      }),
      output: z.object({ prompt: z.string(), input_ids: z.array(tokenId) }),
      errors: ['tokenizer_invalid', 'code_invalid', 'model_not_loaded'],
      safe: true,
      examples: [
        {
          name: 'one user message',
          description: 'ChatML, given in the call.',
          input: {
            messages: [{ role: 'user', content: 'Hi' }],
            chat_template:
              "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
          },
          expected_output: { prompt: '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n' },
        },
        {
          name: 'emoji in a message',
          description: 'Text outside ASCII goes through unchanged.',
          input: { messages: [{ role: 'user', content: '🙂 שלום' }], chat_template: '{{ messages[0].content }}' },
          expected_output: { prompt: '🙂 שלום' },
        },
        {
          name: 'template with a syntax error',
          description: 'The problem carries what the parser says.',
          input: { messages: [{ role: 'user', content: 'Hi' }], chat_template: '{% for m in %}' },
          expected_error: 'tokenizer_invalid',
        },
        {
          name: 'tools, a call and its answer',
          description: 'Fields of messages, tools and further variables reach the template; `documents`, not given, is none.',
          input: {
            messages: [
              { role: 'user', content: 'How warm is it in Oslo?' },
              { role: 'assistant', content: null, tool_calls: [{ function: { name: 'weather', arguments: { city: 'Oslo' } } }] },
              { role: 'tool', tool_call_id: 'call_1', content: '4' },
            ],
            tools: [{ name: 'weather' }],
            chat_template_kwargs: { unit: '°C' },
            chat_template:
              '{{ tools[0].name }}|{{ messages[1].tool_calls[0].function | tojson }}|{{ messages[2].tool_call_id }}|{{ messages[2].content ~ unit }}{% if documents is none %}|no documents{% endif %}',
          },
          expected_output: { prompt: 'weather|{"name": "weather", "arguments": {"city": "Oslo"}}|call_1|4°C|no documents' },
        },
        {
          name: 'the last message gone on with',
          description: 'The prompt ends within the answer; what the template writes after it is left out.',
          input: {
            messages: [
              { role: 'user', content: 'Count.' },
              { role: 'assistant', content: 'One, two,' },
            ],
            continue_final_message: true,
            chat_template: '{% for m in messages %}<{{ m.role }}>{{ m.content }}</{{ m.role }}>{% endfor %}',
          },
          expected_output: { prompt: '<user>Count.</user><assistant>One, two,' },
        },
        {
          name: 'a new answer and the last one gone on with',
          description: 'The two contradict each other.',
          input: { messages: [{ role: 'user', content: 'Hi' }], continue_final_message: true, add_generation_prompt: true },
          expected_error: 'validation_failed',
        },
        { name: 'no messages', description: 'At least one is needed.', input: { messages: [] }, expected_error: 'validation_failed' },
      ],
    }),
  },
});
