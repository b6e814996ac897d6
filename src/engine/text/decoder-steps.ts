/** The steps that decoders are made of, as the Rust library does each. */
import { byteOfCharacter } from './byte-alphabet.ts';
import type { Pattern } from './pattern.ts';

/** One decoding under way: it has a state and serves one list of tokens. */
export interface DecoderStream {
  /** The next tokens; what is certain comes back. */
  push(tokens: readonly string[]): string[];
  /** No more tokens come; the rest comes back. */
  end(): string[];
}

export type Decoder = () => DecoderStream;

/** A step of a decoder; `whole` is how it treats all tokens as one, as it must once they are fused. */
export interface DecoderStep {
  readonly tokens: Decoder;
  readonly whole: Decoder;
}

/** A step that needs nothing but the token and whether it is the first. */
function perToken(decode: (token: string, isFirst: boolean) => string): Decoder {
  return () => {
    let isFirst = true;
    return {
      push: (tokens) =>
        tokens.map((token) => {
          const decoded = decode(token, isFirst);
          isFirst = false;
          return decoded;
        }),
      end: () => [],
    };
  };
}

export const spaced: Decoder = perToken((token, isFirst) => (isFirst ? token : ` ${token}`));

/** All `replacement`s of the first token vanish, unless no prefix was added when encoding. */
export const metaspace = (replacement: string, keepsFirst: boolean): Decoder =>
  perToken((token, isFirst) => token.replaceAll(replacement, isFirst && !keepsFirst ? '' : ' '));

export const wordPiece = (prefix: string, cleanup: boolean): Decoder =>
  perToken((token, isFirst) => {
    const joined = isFirst ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
    return cleanup ? cleanUpWordPiece(joined) : joined;
  });

export const replace = (find: Pattern, content: string): Decoder =>
  perToken((token) => {
    const matches = find(token);
    let replaced = '';
    let last = 0;
    for (let match = 0; match < matches.length; match += 2) {
      replaced += token.slice(last, matches[match]) + content;
      last = matches[match + 1]!;
    }
    return replaced + token.slice(last);
  });

/** The suffix ends a word; the last token of all gets no space. */
export const suffix =
  (mark: string): Decoder =>
  () => {
    let held: string | undefined;
    return {
      push(tokens) {
        const decoded: string[] = [];
        for (const token of tokens) {
          if (held !== undefined) decoded.push(held.replaceAll(mark, ' '));
          held = token;
        }
        return decoded;
      },
      end: () => (held === undefined ? [] : [held.replaceAll(mark, '')]),
    };
  };

/** Tokens that repeat their predecessor are one. */
export const ctc =
  (pad: string, delimiter: string, cleanup: boolean): Decoder =>
  () => {
    let previous: string | undefined;
    return {
      push(tokens) {
        const decoded: string[] = [];
        for (const token of tokens) {
          if (token === previous) continue;
          previous = token;
          const text = token.replaceAll(pad, '');
          decoded.push(cleanup ? cleanUpWordPiece(text).replaceAll(delimiter, ' ') : text);
        }
        return decoded.filter((text) => text !== '');
      },
      end: () => [],
    };
  };

const utf8 = new TextEncoder();

/** Tokens of the byte alphabet as UTF-8; a token outside the alphabet stands for itself. Incomplete characters wait. */
export const byteLevel: Decoder = () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (tokens) => [decoder.decode(bytesOf(tokens), { stream: true })],
    end: () => [decoder.decode()],
  };
};

function bytesOf(tokens: readonly string[]): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const token of tokens) {
    const start = bytes.length;
    for (const character of token) {
      const byte = byteOfCharacter(character);
      if (byte === undefined) {
        bytes.length = start;
        for (const own of utf8.encode(token)) bytes.push(own);
        break;
      }
      bytes.push(byte);
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * Tokens `<0xE2>` as UTF-8. A run of them is judged as a whole: if it is not valid, each byte is a replacement character. So it
 * waits for the end of the run.
 */
export const byteFallback: Decoder = () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  let run: number[] = [];
  const endRun = (): string[] => {
    if (run.length === 0) return [];
    const bytes = Uint8Array.from(run);
    run = [];
    try {
      return [decoder.decode(bytes)];
    } catch {
      return Array.from(bytes, () => '\ufffd');
    }
  };
  return {
    push(tokens) {
      const decoded: string[] = [];
      for (const token of tokens) {
        const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
        if (byte) run.push(Number.parseInt(byte[1]!, 16));
        else decoded.push(...endRun(), token);
      }
      return decoded;
    },
    end: endRun,
  };
};

/**
 * Takes up to `start` and `stop` times a character off the ends of each token, or of the fused text.
 * @param content one character
 */
export function strip(content: string, start: number, stop: number): DecoderStep {
  const oneToken: Decoder = perToken((token) => {
    const text = withoutStart(token, content, start);
    return text.slice(0, text.length - trailing(text, content, stop));
  });
  return { tokens: oneToken, whole: () => new WholeStrip(content, start, stop) };
}

/** Strips a text that comes in pieces: what may belong to its end is held back. */
class WholeStrip implements DecoderStream {
  #held = '';

  constructor(
    private readonly content: string,
    private start: number,
    private readonly stop: number,
  ) {}

  push(tokens: readonly string[]): string[] {
    const text = tokens.join('');
    const rest = withoutStart(text, this.content, this.start);
    // Once anything else has come, the start is over.
    this.start = rest === '' ? this.start - text.length / this.content.length : 0;
    this.#held += rest;
    const sure = this.#held.slice(0, this.#held.length - trailing(this.#held, this.content, this.stop));
    this.#held = this.#held.slice(sure.length);
    return [sure];
  }

  end(): string[] {
    return [];
  }
}

function withoutStart(text: string, content: string, most: number): string {
  let start = 0;
  while (most-- > 0 && text.startsWith(content, start)) start += content.length;
  return text.slice(start);
}

/** Length of what repeats `content` at the end, at most so many times. */
function trailing(text: string, content: string, most: number): number {
  let end = text.length;
  while (most-- > 0 && text.endsWith(content, end) && end > 0) end -= content.length;
  return text.length - end;
}

/** The clean-up that the WordPiece decoder does to each token. */
const cleanUpWordPiece = (token: string): string => cleanUpSpaces(token.replaceAll(' do not', " don't"));

/** What `clean_up_tokenization_spaces` does to a text: no space before punctuation and contractions. */
export function cleanUpSpaces(text: string): string {
  return CLEAN_UP.reduce((before, [from, to]) => before.replaceAll(from, to), text);
}

const CLEAN_UP: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];
