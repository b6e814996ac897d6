/** The text of one sample as its tokens come: decoded without breaking characters, cut at the first stop string or stop token. */
import { StopStrings } from '../../engine/text/stop-strings.ts';
import { StreamDecoder } from '../../engine/text/stream-decoder.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';

export interface Stops {
  strings: readonly string[];
  tokenIds: ReadonlySet<number>;
}

export class ChoiceText {
  readonly #decoder: StreamDecoder;
  readonly #stops: StopStrings;
  /** New text by token; empty while a character or a possible stop string is incomplete. */
  readonly #pieces: string[] = [];
  #rest: string | null = null;

  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly stops: Stops,
    private readonly skipSpecialTokens: boolean,
  ) {
    this.#decoder = new StreamDecoder(tokenizer, { skipSpecialTokens });
    this.#stops = new StopStrings(stops.strings);
  }

  get stopString(): string | null {
    return this.#stops.stopped;
  }

  /** True when this token ends the sample: it completed a stop string, or is a stop token, whose text is left out. */
  push(tokenId: number): boolean {
    if (this.stops.tokenIds.has(tokenId)) {
      this.#pieces.push('');
      return true;
    }
    const decoded = this.#stops.push(this.#decoder.push(tokenId));
    // Special tokens may be stop strings, or parts of one, also where the text is without them.
    const isLeftOut = this.skipSpecialTokens && this.tokenizer.isSpecial(tokenId);
    const watched = isLeftOut ? this.#stops.push(this.tokenizer.idToToken(tokenId)!, true) : null;
    this.#pieces.push(decoded.text + (watched?.text ?? ''));
    return this.#stops.stopped !== null;
  }

  at(position: number): string {
    return this.#pieces[position] ?? '';
  }

  /** No more tokens come: what was held back. The same at every call. */
  rest(): string {
    if (this.#rest === null) {
      const tail = this.#stops.push(this.#decoder.flush());
      this.#rest = tail.text + (tail.stopped === null ? this.#stops.flush() : '');
    }
    return this.#rest;
  }

  whole(): string {
    const rest = this.rest();
    return this.#pieces.join('') + rest;
  }
}
