/** Turns token ids into text as they come, so that what was given out never has to be taken back. */
import type { DecoderStream } from './decoder-steps.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * What it has given out, with `flush`, is what `decode` gives for all ids at once: both run the same decoder. Each token costs
 * the same, however long the text is. A character that is not complete is held back.
 *
 * @example
 * const decoder = new StreamDecoder(tokenizer, { skipSpecialTokens: true });
 * for (const id of ids) write(decoder.push(id));
 * write(decoder.flush());
 */
export class StreamDecoder {
  readonly #skipSpecialTokens: boolean;
  #stream: DecoderStream;

  constructor(
    private readonly tokenizer: Tokenizer,
    { skipSpecialTokens = false }: { readonly skipSpecialTokens?: boolean } = {},
  ) {
    this.#skipSpecialTokens = skipSpecialTokens;
    this.#stream = tokenizer.decoding();
  }

  /** The text that is certain now and was not before; often empty. */
  push(id: number): string {
    const tokens = this.tokenizer.tokensOf([id], this.#skipSpecialTokens);
    return tokens.length === 0 ? '' : this.#stream.push(tokens).join('');
  }

  /** What was held back; an incomplete character is U+FFFD. The decoder begins anew. */
  flush(): string {
    const rest = this.#stream.end().join('');
    this.#stream = this.tokenizer.decoding();
    return rest;
  }
}
