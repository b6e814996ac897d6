/** The token for what a vocabulary lacks. It may be missing itself, which matters only once it is needed. */
import type { JsonPart } from './json-part.ts';
import { TokenizerError } from './tokenizer-error.ts';

export class UnknownToken {
  readonly #token: string | null;
  readonly #id: number | undefined;
  readonly #path: string;

  /** @param fallback its name where the file has none; null where there is none then */
  constructor(model: JsonPart, fallback: string | null, vocabulary: ReadonlyMap<string, number>) {
    this.#token = model.optionalText('unk_token') ?? fallback;
    this.#id = this.#token === null ? undefined : vocabulary.get(this.#token);
    this.#path = model.at('unk_token');
  }

  get isNamed(): boolean {
    return this.#token !== null;
  }

  /**
   * As in the Rust library an added token is no part of the model's vocabulary, and does not stand in here.
   * @throws TokenizerError when the model's vocabulary has no such token
   */
  id(text: string): number {
    if (this.#id !== undefined) return this.#id;
    const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
    throw new TokenizerError(
      this.#path,
      `${JSON.stringify(this.#token)} is not in the model's vocabulary, and ${shown} needs it, as it is not in the vocabulary either.`,
    );
  }
}
