/** The text of one sample as its tokens come: decoded without breaking characters, cut at the first stop string. */
import { StopStrings } from '../../engine/text/stop-strings.ts';
import { StreamDecoder } from '../../engine/text/stream-decoder.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';

export class ChoiceText {
  readonly #decoder: StreamDecoder;
  readonly #stops: StopStrings;
  /** New text by token; empty while a character or a possible stop string is incomplete. */
  readonly #pieces: string[] = [];
  #rest: string | null = null;

  constructor(tokenizer: Tokenizer, stop: readonly string[]) {
    this.#decoder = new StreamDecoder(tokenizer, { skipSpecialTokens: true });
    this.#stops = new StopStrings(stop);
  }

  get stopString(): string | null {
    return this.#stops.stopped;
  }

  /** True when this token completed a stop string. */
  push(tokenId: number): boolean {
    const { text, stopped } = this.#stops.push(this.#decoder.push(tokenId));
    this.#pieces.push(text);
    return stopped !== null;
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
