/** Text to token ids and back, with any tokenizer.json: the one door to the stages beside this file. */
import { type AddedToken, AddedTokens, readAddedTokens } from './added-tokens.ts';
import { alignedNormalizer } from './align-text.ts';
import { AlignedText } from './aligned-text.ts';
import { type ChatMessage, type ChatTemplateOptions, prepareMessage, renderContinued } from './chat.ts';
import { ChatTemplate, type ChatTemplates, chooseTemplate, readChatTemplates } from './chat-template.ts';
import { cleanUpSpaces, type Decoder, type DecoderStream } from './decoder-steps.ts';
import { createDecoder } from './decoders.ts';
import { endTokens } from './end-tokens.ts';
import { addToken, emptyEncoding, type Encoding, pad, type Side, type Token, truncate } from './encoding.ts';
import { JsonPart } from './json-part.ts';
import { createModel } from './model.ts';
import { createNormalizer, type Normalizer } from './normalizers.ts';
import type { Model, Pieces } from './pieces.ts';
import { createPostProcessor, type PostProcessor } from './post-processor.ts';
import { createPreTokenizer, type PreTokenizer } from './pre-tokenizers.ts';
import { readRoles, type SpecialRole } from './special-roles.ts';
import { stageName } from './stage-name.ts';
import type { TextNormalizer } from './text-normalizer.ts';
import { TokenizerError } from './tokenizer-error.ts';

export interface EncodeOptions {
  /** Add what the post-processor adds (BOS, [CLS], …). Default true. */
  readonly addSpecialTokens?: boolean;
  /** Cut at `maxLength`, or else at the tokenizer's `modelMaxLength`. */
  readonly truncation?: boolean;
  /** In tokens, special ones included. */
  readonly maxLength?: number | undefined;
  readonly padding?: 'none' | 'longest' | 'max_length';
  readonly paddingSide?: Side;
}

export interface DecodeOptions {
  readonly skipSpecialTokens?: boolean;
  /** Take out the spaces before punctuation and English contractions. */
  readonly cleanUp?: boolean;
}

export interface SpecialToken extends Token {
  /** `bos_token`, `eos_token`, …; several where one token does several jobs. */
  readonly roles: readonly SpecialRole[];
}

/** What the tokenizer is, for people. */
export interface TokenizerDescription {
  type: string;
  vocabSize: number;
  modelMaxLength: number | null;
  normalizer: string | null;
  preTokenizer: string | null;
  postProcessor: string | null;
  decoder: string | null;
  specialTokens: SpecialToken[];
  chatTemplate: string | null;
}

/** Words that come again are not tokenized again; long ones hardly come again. */
const CACHED_WORDS = 50_000;
const CACHED_WORD_LENGTH = 64;
/** One long text among a thousand short ones would fill the memory with padding. */
const PADDED_TOKENS = 2 ** 21;
/** `transformers` writes 1e30 for "no limit". */
const NO_LIMIT = 1e9;

export class Tokenizer {
  readonly specialTokens: readonly SpecialToken[];
  readonly modelMaxLength: number | null;
  /** Highest id + 1. */
  readonly vocabSize: number;
  readonly chatTemplates: ChatTemplates;
  readonly #model: Model;
  readonly #added: readonly AddedToken[];
  readonly #normalizer: Normalizer | null;
  #addedTokens: AddedTokens;
  readonly #preTokenizer: PreTokenizer | null;
  #postProcessor: PostProcessor | null;
  readonly #decoder: Decoder;
  readonly #truncationSide: Side;
  readonly #roles: ReadonlyMap<SpecialRole, string>;
  readonly #addedIds: ReadonlyMap<string, number>;
  readonly #tokens = new Map<number, string>();
  readonly #special: ReadonlySet<number>;
  readonly #stages: Pick<TokenizerDescription, 'normalizer' | 'preTokenizer' | 'postProcessor' | 'decoder'>;
  readonly #words = new Map<string, Pieces>();
  #compiledTemplate: ChatTemplate | null = null;

  /**
   * @param tokenizerJson contents of tokenizer.json
   * @param tokenizerConfig contents of tokenizer_config.json
   * @throws TokenizerError that names the part which is wrong
   */
  static fromFiles(tokenizerJson: unknown, tokenizerConfig: unknown = {}): Tokenizer {
    if (typeof tokenizerJson !== 'object' || tokenizerJson === null || Array.isArray(tokenizerJson)) {
      throw new TokenizerError('tokenizer.json', 'must hold a JSON object.');
    }
    return new Tokenizer(new JsonPart('', tokenizerJson), new JsonPart('tokenizer_config', tokenizerConfig));
  }

  private constructor(file: JsonPart, config: JsonPart) {
    const model = file.part('model');
    if (!model) throw new TokenizerError('model', 'is missing; it holds the vocabulary.');
    this.#model = createModel(model);
    this.#normalizer = createNormalizer(file.part('normalizer'));
    this.#preTokenizer = createPreTokenizer(file.part('pre_tokenizer'));
    this.#postProcessor = createPostProcessor(file.part('post_processor'));
    this.#decoder = createDecoder(file.part('decoder'));
    this.#stages = {
      normalizer: stageName(file.part('normalizer')),
      preTokenizer: stageName(file.part('pre_tokenizer')),
      postProcessor: stageName(file.part('post_processor')),
      decoder: stageName(file.part('decoder')),
    };

    this.#roles = readRoles(config, file);
    const added = readAddedTokens(file, config, this.#roles, this.#model);
    this.#added = added;
    this.#addedTokens = new AddedTokens(added, this.#normalizer);
    this.#addedIds = new Map(added.map(({ content, id }) => [content, id]));
    let highest = -1;
    for (const [token, id] of [...this.#model.vocabulary, ...this.#addedIds]) {
      this.#tokens.set(id, token);
      highest = Math.max(highest, id);
    }
    this.vocabSize = highest + 1;
    const special = added.filter((token) => token.special);
    this.#special = new Set(special.map(({ id }) => id));
    const rolesOf = (token: string) => [...this.#roles].filter(([, content]) => content === token).map(([role]) => role);
    this.specialTokens = special.map(({ id, content }) => ({ id, token: content, roles: rolesOf(content) }));

    const asked = endTokens(config, { bos: this.#token('bos_token'), eos: this.#token('eos_token') }, this.#postProcessor);
    if (asked) {
      this.#postProcessor = asked;
      this.#stages.postProcessor = 'TemplateProcessing';
    }

    const limit = config.get('model_max_length');
    this.modelMaxLength = typeof limit === 'number' && Number.isInteger(limit) && limit > 0 && limit < NO_LIMIT ? limit : null;
    this.#truncationSide = config.choice('truncation_side', ['left', 'right'], truncationSide(file));
    this.chatTemplates = readChatTemplates(config);
  }

  /**
   * Puts a function before the stages of tokenizer.json, in place of the one before it.
   * Throws what it throws on the tokenizer's own tokens; the one before then stays.
   */
  setFirstNormalizer(normalize: TextNormalizer): void {
    const own = this.#normalizer;
    const first = alignedNormalizer(normalize);
    this.#addedTokens = new AddedTokens(this.#added, own ? (text) => own(first(text)) : first);
  }

  encode(text: string, options: EncodeOptions = {}): Encoding {
    return this.encodeBatch([text], options)[0]!;
  }

  /** @throws TokenizerError `padding` when the length to pad to or the token to pad with is not known, or the result is too large */
  encodeBatch(texts: readonly string[], options: EncodeOptions = {}): Encoding[] {
    const { padding = 'none', paddingSide = 'right' } = options;
    const encodings = texts.map((text) => this.#encodeOne(text, options));
    if (padding === 'none') return encodings;
    const length =
      padding === 'longest' ? encodings.reduce((longest, { ids }) => Math.max(longest, ids.length), 0) : this.#lengthToPad(options);
    if (length * texts.length > PADDED_TOKENS) {
      throw new TokenizerError(
        'padding',
        `${texts.length} texts of ${length} tokens are ${length * texts.length} in all; at most ${PADDED_TOKENS} are made.`,
      );
    }
    return encodings.map((encoding) => pad(encoding, length, paddingSide, this.padToken));
  }

  #lengthToPad({ maxLength }: EncodeOptions): number {
    const length = maxLength ?? this.modelMaxLength;
    if (length === null) throw new TokenizerError('padding', '"max_length" needs a max_length: the tokenizer has no model_max_length.');
    return length;
  }

  #encodeOne(text: string, { addSpecialTokens = true, truncation = false, maxLength }: EncodeOptions): Encoding {
    const limit = truncation ? (maxLength ?? this.modelMaxLength ?? Infinity) : Infinity;
    const added = addSpecialTokens ? (this.#postProcessor?.added ?? 0) : 0;
    const room = Math.max(limit - added, 0);
    const side = this.#truncationSide;
    let encoding = this.#encodeText(text, side === 'right' ? room : Infinity);
    if (encoding.ids.length > room) encoding = truncate(encoding, room, side);
    const processed = this.#postProcessor?.process(encoding, text, addSpecialTokens) ?? encoding;
    // Until here an added token was the text it took, with the spaces it swallowed: the post-processor trims those.
    processed.tokens = processed.ids.map((id, index) => this.#tokens.get(id) ?? processed.tokens[index]!);
    // Only where the special tokens alone are too many.
    return processed.ids.length > limit ? truncate(processed, limit, 'right') : processed;
  }

  /** @param enough tokens after which the rest need not be looked at */
  #encodeText(text: string, enough: number): Encoding {
    const encoding = emptyEncoding();
    // Half a surrogate pair is not text: it becomes U+FFFD, as UTF-8 would make it.
    for (const section of this.#addedTokens.split(AlignedText.of(text.toWellFormed()))) {
      if (encoding.ids.length >= enough) break;
      const { text: part, token } = section;
      if (token) {
        addToken(encoding, token.id, part.text, part.start(0), part.end(part.length));
        continue;
      }
      for (const word of this.#preTokenizer?.(part) ?? [part]) {
        if (encoding.ids.length >= enough) break;
        if (word.length === 0) continue;
        const { ids, starts, ends } = this.#tokenizeWord(word.text);
        for (let index = 0; index < ids.length; index++) {
          addToken(encoding, ids[index]!, this.#tokens.get(ids[index]!)!, word.start(starts[index]!), word.end(ends[index]!));
        }
      }
    }
    return encoding;
  }

  #tokenizeWord(word: string): Pieces {
    if (word.length > CACHED_WORD_LENGTH) return this.#model.tokenize(word);
    let pieces = this.#words.get(word);
    if (!pieces) {
      pieces = this.#model.tokenize(word);
      if (this.#words.size >= CACHED_WORDS) this.#words.clear();
      this.#words.set(word, pieces);
    }
    return pieces;
  }

  /** Ids outside the vocabulary are left out. */
  decode(ids: readonly number[], { skipSpecialTokens = false, cleanUp = false }: DecodeOptions = {}): string {
    const stream = this.decoding();
    const text = [...stream.push(this.tokensOf(ids, skipSpecialTokens)), ...stream.end()].join('');
    return cleanUp ? cleanUpSpaces(text) : text;
  }

  /** A new decoding, for tokens that come one at a time; `StreamDecoder` is what generation uses. */
  decoding(): DecoderStream {
    return this.#decoder();
  }

  /** The tokens that decoding sees. */
  tokensOf(ids: readonly number[], skipSpecialTokens: boolean): string[] {
    const tokens: string[] = [];
    for (const id of ids) {
      const token = skipSpecialTokens && this.#special.has(id) ? undefined : this.#tokens.get(id);
      if (token !== undefined) tokens.push(token);
    }
    return tokens;
  }

  tokenToId(token: string): number | undefined {
    return this.#addedIds.get(token) ?? this.#model.vocabulary.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#tokens.get(id);
  }

  isSpecial(id: number): boolean {
    return this.#special.has(id);
  }

  get bosId(): number | null {
    return this.#idOfRole('bos_token');
  }

  get eosId(): number | null {
    return this.#idOfRole('eos_token');
  }

  get padId(): number | null {
    return this.#idOfRole('pad_token');
  }

  /** Padding is masked, so where no token is meant for it the end of the sequence does. */
  get padToken(): Token | null {
    const id = this.padId ?? this.eosId ?? this.#idOfRole('unk_token');
    return id === null ? null : { id, token: this.#tokens.get(id)! };
  }

  #token(role: SpecialRole): Token | null {
    const id = this.#idOfRole(role);
    return id === null ? null : { id, token: this.#tokens.get(id)! };
  }

  #idOfRole(role: SpecialRole): number | null {
    const token = this.#roles.get(role);
    return token === undefined ? null : (this.tokenToId(token) ?? null);
  }

  /**
   * Messages as the text of a prompt. It holds its special tokens already: encode it with `addSpecialTokens: false`.
   * @throws TokenizerError `chat_template`, `continue_final_message`
   */
  applyChatTemplate(messages: readonly ChatMessage[], options: ChatTemplateOptions = {}): string {
    const { tools, documents, continueFinalMessage = false } = options;
    const source = chooseTemplate(this.chatTemplates, options.template, tools !== undefined);
    if (this.#compiledTemplate?.source !== source) this.#compiledTemplate = new ChatTemplate(source);
    const compiled = this.#compiledTemplate;
    const render = (chat: readonly Record<string, unknown>[]) =>
      compiled.render({
        ...Object.fromEntries(this.#roles),
        ...options.variables,
        messages: chat,
        tools: tools ?? null,
        documents: documents ?? null,
        add_generation_prompt: options.addGenerationPrompt ?? false,
      });
    const chat = messages.map(prepareMessage);
    return continueFinalMessage === false ? render(chat) : renderContinued(chat, continueFinalMessage, source, render);
  }

  describe(): TokenizerDescription {
    const { vocabSize, modelMaxLength, chatTemplates } = this;
    const chatTemplate = typeof chatTemplates === 'object' ? (chatTemplates?.get('default') ?? null) : chatTemplates;
    return { type: this.#model.type, vocabSize, modelMaxLength, ...this.#stages, specialTokens: [...this.specialTokens], chatTemplate };
  }
}

/** That of tokenizer.json, which says it with a capital. */
function truncationSide(file: JsonPart): Side {
  return file.part('truncation')?.choice('direction', ['Left', 'Right'], 'Right') === 'Left' ? 'left' : 'right';
}

export type { ChatMessage, ChatTemplateOptions } from './chat.ts';
export type { Encoding } from './encoding.ts';
export type { TextNormalizer } from './text-normalizer.ts';
export { TokenizerError } from './tokenizer-error.ts';
