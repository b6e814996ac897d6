/** The tokenizer service: answers the contract with the active tokenizer, which is the model's or one that the user gave. */
import { ApiError, type Implementation, type Output, type ParsedInput, type ServiceState } from '../../contract/index.ts';
import { KEPT_TOKENIZATIONS } from '../../contract/tokenizer.ts';
import { Tokenizer } from '../../engine/text/tokenizer.ts';
import { renderChat } from '../chat-options.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import type { ActiveTokenizer } from '../serving/active-tokenizer.ts';
import { inTokenizer } from '../tokenizer-errors.ts';
import { KeptTokenizations } from './kept-tokenizations.ts';

type Input<O extends keyof Implementation<'tokenizer'>> = O extends 'state' ? never : ParsedInput<'tokenizer', Exclude<O, 'state'>>;

/** Tokenizers are swapped as a whole: a broken one is refused before it becomes active. */
export class TokenizerService implements Implementation<'tokenizer'> {
  readonly #text: ActiveTokenizer;
  readonly #kept = new KeptTokenizations(KEPT_TOKENIZATIONS);

  constructor(private readonly active: Pick<ActiveModel, 'text' | 'useTokenizer'>) {
    this.#text = active.text;
  }

  tokenize(input: Input<'tokenize'>): Output<'tokenizer', 'tokenize'> {
    const { tokenizer } = this.#text;
    const { text, return_offsets } = input;
    const isBatch = Array.isArray(text);
    const encodings = inTokenizer(() =>
      tokenizer.encodeBatch(isBatch ? text : [text], {
        addSpecialTokens: input.add_special_tokens,
        padding: input.padding,
        paddingSide: input.padding_side,
        truncation: input.truncation,
        maxLength: input.max_length,
      }),
    );
    const id = this.#kept.keep(tokenizer, encodings, isBatch);
    const one = <T>(column: T[]): T | T[] => (isBatch ? column : column[0]!);
    return {
      id,
      input_ids: one(encodings.map(({ ids }) => ids)),
      attention_mask: one(encodings.map(({ attentionMask }) => attentionMask)),
      tokens: one(encodings.map(({ tokens }) => tokens)),
      ...(return_offsets && { offsets: one(encodings.map(({ offsets }) => offsets)) }),
    };
  }

  /** Decodes with the tokenizer that made the ids, also when another is active now. */
  detokenizeById(input: Input<'detokenizeById'>): Output<'tokenizer', 'detokenizeById'> {
    const kept = this.#kept.get(input.id);
    if (!kept)
      throw new ApiError(
        'not_found',
        `No tokenization "${input.id}" is kept: its id was never given out, or it went when the worker started anew or others took its place. Tokenize the text again for another.`,
      );
    const texts = kept.ids.map((ids) => kept.tokenizer.decode(ids, decodeOptions(input)));
    return { id: input.id, text: kept.isBatch ? texts : texts[0]! };
  }

  detokenize(input: Input<'detokenize'>): Output<'tokenizer', 'detokenize'> {
    const { tokenizer } = this.#text;
    const options = decodeOptions(input);
    const size = Math.max(tokenizer.vocabSize, this.#text.modelIds);
    const decode = (ids: readonly number[], path: string) => {
      checkIds(ids, size, path);
      return tokenizer.decode(ids, options);
    };
    const { input_ids } = input;
    return {
      text: isBatchOfIds(input_ids) ? input_ids.map((ids, row) => decode(ids, `/input_ids/${row}`)) : decode(input_ids, '/input_ids'),
    };
  }

  config(): Output<'tokenizer', 'config'> {
    const { tokenizer, id } = this.#text.named;
    const { type, vocabSize, modelMaxLength, normalizer, preTokenizer, postProcessor, decoder, specialTokens, chatTemplate } =
      tokenizer.describe();
    return {
      tokenizer_id: id,
      type,
      vocab_size: vocabSize,
      model_max_length: modelMaxLength,
      normalizer,
      pre_tokenizer: preTokenizer,
      post_processor: postProcessor,
      decoder,
      special_tokens: specialTokens.map((special) => ({
        id: special.id,
        token: special.token,
        ...(special.roles.length > 0 && { role: special.roles.join(', ') }),
      })),
      chat_template: chatTemplate,
    };
  }

  configure({ source, tokenizer_json, tokenizer_config }: Input<'configure'>): Output<'tokenizer', 'config'> {
    if (source === 'model') this.active.useTokenizer(null);
    else {
      if (!tokenizer_json) {
        throw new ApiError('tokenizer_invalid', '`custom` needs the contents of a tokenizer.json.', [
          { path: '/tokenizer_json', message: 'is missing.' },
        ]);
      }
      this.active.useTokenizer(inTokenizer(() => Tokenizer.fromFiles(tokenizer_json, tokenizer_config ?? {})));
    }
    return this.config();
  }

  chatTemplate(input: Input<'chatTemplate'>): Output<'tokenizer', 'chatTemplate'> {
    const { tokenizer } = this.#text;
    return inTokenizer(() => {
      const prompt = renderChat(tokenizer, input.messages, input);
      return { prompt, input_ids: tokenizer.encode(prompt, { addSpecialTokens: false }).ids };
    });
  }

  state(): ServiceState<'tokenizer'> {
    const { current } = this.#text;
    return {
      tokenizer_id: current?.id ?? null,
      vocab_size: current?.tokenizer.vocabSize ?? null,
      kept: this.#kept.size,
      kept_limit: KEPT_TOKENIZATIONS,
    };
  }
}

const isBatchOfIds = (ids: number[] | number[][]): ids is number[][] => Array.isArray(ids[0]);

function decodeOptions(input: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }) {
  return { skipSpecialTokens: input.skip_special_tokens, cleanUp: input.clean_up_tokenization_spaces };
}

/** An id that the model can give and that stands for no token is empty text; one beyond them all is a mistake. */
function checkIds(ids: readonly number[], size: number, path: string): void {
  const index = ids.findIndex((id) => id >= size);
  if (index < 0) return;
  throw new ApiError(
    'token_out_of_range',
    `Token id ${ids[index]} at index ${index} of ${path} is not in the vocabulary of ${size} tokens (ids 0 to ${size - 1}).`,
    [{ path: `${path}/${index}`, message: `must be the id of a token, at most ${size - 1}; it is ${ids[index]}.` }],
  );
}
