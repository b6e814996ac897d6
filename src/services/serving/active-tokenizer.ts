/** The tokenizer that serves: the model's, or one that a person gave in its place, with the normalizer that every text passes first. */
import { ApiError } from '../../contract/index.ts';
import { messageOf, PatchedCodeError } from '../../engine/index.ts';
import { type TextNormalizer, Tokenizer } from '../../engine/text/tokenizer.ts';
import builtInNormalizer from '../../patchable/tokenizer/normalizer.ts';

export interface NamedTokenizer {
  readonly tokenizer: Tokenizer;
  readonly id: string;
}

interface ModelTokenizer extends NamedTokenizer {
  /** Rows of the model's embedding, of which there may be more than tokens. */
  readonly modelIds: number;
}

export class ActiveTokenizer {
  #model: ModelTokenizer | null = null;
  #custom: NamedTokenizer | null = null;
  #normalizer: TextNormalizer = builtInNormalizer;

  get current(): NamedTokenizer | null {
    return this.#custom ?? this.#model;
  }

  /** @throws ApiError model_not_loaded when there is neither a model's tokenizer nor a custom one */
  get named(): NamedTokenizer {
    const { current } = this;
    if (current) return current;
    throw notLoaded();
  }

  /** @throws ApiError model_not_loaded */
  get tokenizer(): Tokenizer {
    return this.named.tokenizer;
  }

  /** Ids that the model can give. */
  get modelIds(): number {
    return this.#model?.modelIds ?? 0;
  }

  /** Of a model that has become active. A custom tokenizer belonged to the one before, and goes. */
  setModel(model: ModelTokenizer | null): void {
    this.#model = model;
    this.#custom = null;
  }

  /** @param custom `null`: the model's is back. @throws ApiError model_not_loaded where there is none */
  setCustom(custom: NamedTokenizer | null): void {
    if (!custom && !this.#model) throw notLoaded();
    this.#custom = custom;
  }

  /** Puts the normalizer into a tokenizer that is to become active; the built-in one where it fails on the tokens of that vocabulary. @returns whether it fits */
  fit(tokenizer: Tokenizer): boolean {
    try {
      tokenizer.setFirstNormalizer(checked(this.#normalizer));
      return true;
    } catch {
      tokenizer.setFirstNormalizer(builtInNormalizer);
      return false;
    }
  }

  /** @throws PatchedCodeError where it fails on the tokens of the vocabulary; the normalizer before then stays */
  setNormalizer(normalize: TextNormalizer): void {
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
  encodeWith(normalize: TextNormalizer, text: string): { ids: number[]; tokens: string[] } {
    const { tokenizer } = this;
    tokenizer.setFirstNormalizer(checked(normalize));
    try {
      return tokenizer.encode(text, { addSpecialTokens: true });
    } finally {
      tokenizer.setFirstNormalizer(checked(this.#normalizer));
    }
  }
}

const notLoaded = () => new ApiError('model_not_loaded', 'No model is loaded, so there is no tokenizer; load one with PUT /model/weights.');

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
