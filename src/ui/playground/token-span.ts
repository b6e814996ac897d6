/** Turns sampled or prompt tokens into the spans of text that are drawn, since one character may take several tokens. */
import { pieceText } from '../kit/model/token-text.ts';

export interface Alternative {
  token_id: number;
  token: string;
  logprob: number;
}

/** One token of a sequence. `text` is what it added to the text: empty while a character or a possible stop string is incomplete. */
export interface SequenceToken {
  id: number;
  text: string;
  /** The token by itself; null when nobody said. */
  piece: string | null;
  logprob: number | null;
  top: readonly Alternative[];
  /** Chosen by a person instead of the sampler. */
  chosen: boolean;
}

/** A run of tokens that share one piece of text. */
export interface Span {
  /** Index of the first token in the sequence. */
  start: number;
  /** Index after the last token. */
  end: number;
  text: string;
  /** The tokens have no text of their own: an end-of-sequence token, or the beginning of an unfinished character. */
  silent: boolean;
  /** Joint log-probability of its tokens; null when one is unknown. */
  logprob: number | null;
}

/**
 * Grows spans as tokens come. Only the last span ever changes.
 *
 * A token with text takes the silent tokens before it into its span; when their pieces add up to that text (a stop string that
 * did not come true was held back), each gets a span of its own.
 */
export class SpanList {
  readonly spans: Span[] = [];
  #tokens: SequenceToken[] = [];

  constructor(tokens: Iterable<SequenceToken> = []) {
    for (const token of tokens) this.push(token);
  }

  push(token: SequenceToken): void {
    const index = this.#tokens.push(token) - 1;
    const last = this.spans.at(-1);
    if (!last?.silent || isSpecial(this.#tokens[last.end - 1])) {
      this.spans.push({ start: index, end: index + 1, text: token.text, silent: token.text === '', logprob: token.logprob });
      return;
    }
    last.end = index + 1;
    last.logprob = last.logprob === null || token.logprob === null ? null : last.logprob + token.logprob;
    if (token.text === '') return;
    last.text = token.text;
    last.silent = false;
    this.#splitHeldBack(last);
  }

  /** Text that came after the last token (what was held back when the generation ended). */
  pushText(text: string): void {
    const last = this.spans.at(-1);
    if (!last || text === '') return;
    last.text += text;
    last.silent = false;
    this.#splitHeldBack(last);
  }

  #splitHeldBack(span: Span): void {
    if (span.end - span.start < 2) return;
    const tokens = this.#tokens.slice(span.start, span.end);
    const texts = tokens.map(({ piece }) => plainText(piece ?? '', span.text));
    if (texts.includes('') || texts.join('') !== span.text) return;
    this.spans.pop();
    tokens.forEach(({ logprob }, offset) => {
      const start = span.start + offset;
      this.spans.push({ start, end: start + 1, text: texts[offset] ?? '', silent: false, logprob });
    });
  }

  /** The span that holds a token, by binary search. */
  spanOf(token: number): number {
    let low = 0;
    let high = this.spans.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const span = this.spans[middle]!;
      if (token < span.start) high = middle - 1;
      else if (token >= span.end) low = middle + 1;
      else return middle;
    }
    return -1;
  }
}

/** What a piece of the vocabulary gives where the text around it tells: by either way of writing, the one that stands in the text. */
function plainText(piece: string, within: string): string {
  const text = pieceText(piece, 'bytes');
  return within.includes(text) ? text : pieceText(piece, 'text');
}

/** `</s>`, `<|im_end|>`, `[CLS]`: stands by itself, unlike `<0xF0>`, the byte of a character to come. */
function isSpecial(token: SequenceToken | undefined): boolean {
  return token !== undefined && token.text === '' && /^(<(?!0x)[^\s>]+>|\[[A-Z]+\])$/.test(token.piece ?? '');
}

/** What `POST /tokenizer/tokenize` gives for one text. */
export interface TokenizedText {
  input_ids: readonly number[];
  tokens: readonly string[];
  offsets?: readonly (readonly [number, number])[] | undefined;
}

/**
 * The tokens of a prompt, each with the part of the text that it is the first to cover.
 * Special tokens have no text; tokens that split a character give it to the last of them, as a stream does.
 */
export function promptTokens(text: string, { input_ids, tokens, offsets }: TokenizedText): SequenceToken[] {
  let covered = 0;
  return input_ids.map((id, index) => {
    const piece = tokens[index] ?? null;
    const token: SequenceToken = { id, text: '', piece, logprob: null, top: [], chosen: false };
    const range = offsets?.[index];
    if (!range) return { ...token, text: piece ?? '' };
    const next = offsets?.[index + 1];
    const end = range[1];
    const characterGoesOn = next !== undefined && next[0] < end && next[1] > next[0];
    if (end > covered && !characterGoesOn) {
      token.text = text.slice(covered, end);
      covered = end;
    }
    return token;
  });
}
