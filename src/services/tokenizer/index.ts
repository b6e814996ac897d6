/** The tokenizer service: answers the contract with the active tokenizer, which is the model's or one that the user gave. */
import { ApiError, type Implementation, type Output, type ParsedInput, type ServiceState } from '../../contract/index.ts';
import { KEPT_TOKENIZATIONS } from '../../contract/tokenizer.ts';
import { messageOf, PatchedCodeError } from '../../engine/index.ts';
import { type TextNormalizer, Tokenizer } from '../../engine/text/tokenizer.ts';
import builtInNormalizer from '../../patchable/tokenizer/normalizer.ts';
import { renderChat } from '../chat-options.ts';
import { inTokenizer } from '../tokenizer-errors.ts';
import { KeptTokenizations } from './kept-tokenizations.ts';

type Input<O extends keyof Implementation<'tokenizer'>> = O extends 'state' ? never : ParsedInput<'tokenizer', Exclude<O, 'state'>>;

interface Named {
  readonly tokenizer: Tokenizer;
  readonly id: string;
}

/** Tokenizers are swapped as a whole: a broken one is refused before it becomes active. */
export class TokenizerService implements Implementation<'tokenizer'> {
  #model: Named | null = null;
  #custom: Named | null = null;
  /** Rows of the model's embedding, of which there may be more than tokens. */
  #modelIds = 0;
  #normalizer: TextNormalizer = builtInNormalizer;
  readonly #kept = new KeptTokenizations(KEPT_TOKENIZATIONS);

  /** What the model service calls with each swap of weights. A custom tokenizer belonged to the model before, and goes. */
  setModelTokenizer(tokenizer: Tokenizer | null, id: string, modelIds = 0): void {
    if (tokenizer) this.#equip(tokenizer);
    this.#model = tokenizer && { tokenizer, id };
    this.#modelIds = modelIds;
    this.#custom = null;
  }

  /** What every text passes before the stages of tokenizer.json. */
  get normalizer(): TextNormalizer {
    return this.#normalizer;
  }

  /**
   * For patches, which go on when weights are swapped; where one fails on the tokens of the next vocabulary, the built-in one is back.
   * @throws PatchedCodeError where it fails on the tokens of this one; the normalizer before then stays
   */
  setNormalizer(normalize: TextNormalizer = builtInNormalizer): void {
    const tokenizers = [this.#model, this.#custom].flatMap((each) => each?.tokenizer ?? []);
    try {
      for (const tokenizer of tokenizers) tokenizer.setFirstNormalizer(checked(normalize));
    } catch (error) {
      for (const tokenizer of tokenizers) tokenizer.setFirstNormalizer(checked(this.#normalizer));
      throw error;
    }
    this.#normalizer = normalize;
  }

  /** As it would be with another normalizer, for once; what others tokenize stays as it is, since nothing comes between. */
  encodeWith(normalize: TextNormalizer | null, text: string): { ids: number[]; tokens: string[] } {
    const { tokenizer } = this;
    tokenizer.setFirstNormalizer(checked(normalize ?? builtInNormalizer));
    try {
      return tokenizer.encode(text, { addSpecialTokens: true });
    } finally {
      tokenizer.setFirstNormalizer(checked(this.#normalizer));
    }
  }

  #equip(tokenizer: Tokenizer): void {
    try {
      tokenizer.setFirstNormalizer(checked(this.#normalizer));
    } catch {
      this.setNormalizer();
      tokenizer.setFirstNormalizer(builtInNormalizer);
    }
  }

  /** @throws ApiError model_not_loaded when there is neither a model's tokenizer nor a custom one */
  get tokenizer(): Tokenizer {
    return this.#inForce().tokenizer;
  }

  tokenize(input: Input<'tokenize'>): Output<'tokenizer', 'tokenize'> {
    const { tokenizer } = this;
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
    if (!kept) throw new ApiError('not_found', `No tokenization "${input.id}" is kept; tokenize the text again.`);
    const texts = kept.ids.map((ids) => kept.tokenizer.decode(ids, decodeOptions(input)));
    return { id: input.id, text: kept.isBatch ? texts : texts[0]! };
  }

  detokenize(input: Input<'detokenize'>): Output<'tokenizer', 'detokenize'> {
    const { tokenizer } = this;
    const options = decodeOptions(input);
    const size = Math.max(tokenizer.vocabSize, this.#modelIds);
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
    const { tokenizer, id } = this.#inForce();
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
    if (source === 'model') {
      if (!this.#model) throw notLoaded();
      this.#custom = null;
    } else {
      if (!tokenizer_json) {
        throw new ApiError('tokenizer_invalid', '`custom` needs the contents of a tokenizer.json.', [
          { path: '/tokenizer_json', message: 'is missing.' },
        ]);
      }
      const tokenizer = inTokenizer(() => Tokenizer.fromFiles(tokenizer_json, tokenizer_config ?? {}));
      this.#equip(tokenizer);
      this.#custom = { tokenizer, id: 'custom' };
    }
    return this.config();
  }

  chatTemplate(input: Input<'chatTemplate'>): Output<'tokenizer', 'chatTemplate'> {
    const { tokenizer } = this;
    return inTokenizer(() => {
      const prompt = renderChat(tokenizer, input.messages, input);
      return { prompt, input_ids: tokenizer.encode(prompt, { addSpecialTokens: false }).ids };
    });
  }

  state(): ServiceState<'tokenizer'> {
    const inForce = this.#custom ?? this.#model;
    return {
      tokenizer_id: inForce?.id ?? null,
      vocab_size: inForce?.tokenizer.vocabSize ?? null,
      kept: this.#kept.size,
      kept_limit: KEPT_TOKENIZATIONS,
    };
  }

  #inForce(): Named {
    const inForce = this.#custom ?? this.#model;
    if (!inForce) throw notLoaded();
    return inForce;
  }
}

const notLoaded = () => new ApiError('model_not_loaded', 'No model is loaded, so there is no tokenizer; load one with PUT /model/weights.');

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

/** A normalizer whose failure says whose it is. */
const checked =
  (normalize: TextNormalizer): TextNormalizer =>
  (text) => {
    let result: unknown;
    try {
      result = normalize(text);
    } catch (error) {
      throw failed(`threw: ${messageOf(error)}`, error);
    }
    if (typeof result !== 'string') throw failed(`gave ${result === null ? 'null' : typeof result} where a string is wanted.`);
    return result;
  };

const failed = (what: string, cause?: unknown) =>
  new PatchedCodeError('tokenizer.normalizer', `The active normalizer ${what}`, cause === undefined ? undefined : { cause });
