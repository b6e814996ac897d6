/** The tokens of a text with all that belongs to each, and how they are cut and filled up. */
import { TokenizerError } from './tokenizer-error.ts';

type Offset = [start: number, end: number];

/** Parallel lists. */
export interface Encoding {
  ids: number[];
  /** As the vocabulary has them: an unknown piece of text is `<unk>`. */
  tokens: string[];
  /** 0 for padding. */
  attentionMask: number[];
  /** Code units of the text, [start, end); [0, 0] for tokens that do not come from it. */
  offsets: Offset[];
}

export interface Token {
  readonly id: number;
  readonly token: string;
}

export type Side = 'left' | 'right';

export const emptyEncoding = (): Encoding => ({ ids: [], tokens: [], attentionMask: [], offsets: [] });

export function addToken(encoding: Encoding, id: number, token: string, start: number, end: number): void {
  encoding.ids.push(id);
  encoding.tokens.push(token);
  encoding.attentionMask.push(1);
  encoding.offsets.push([start, end]);
}

export function concat(encodings: readonly Encoding[]): Encoding {
  const [first] = encodings;
  if (first && encodings.length === 1) return first;
  return {
    ids: encodings.flatMap(({ ids }) => ids),
    tokens: encodings.flatMap(({ tokens }) => tokens),
    attentionMask: encodings.flatMap(({ attentionMask }) => attentionMask),
    offsets: encodings.flatMap(({ offsets }) => offsets),
  };
}

/** @param side the side that is cut off */
export function truncate({ ids, tokens, attentionMask, offsets }: Encoding, length: number, side: Side): Encoding {
  const start = side === 'left' ? Math.max(ids.length - length, 0) : 0;
  const end = start + length;
  return {
    ids: ids.slice(start, end),
    tokens: tokens.slice(start, end),
    attentionMask: attentionMask.slice(start, end),
    offsets: offsets.slice(start, end),
  };
}

export function pad(encoding: Encoding, length: number, side: Side, token: Token | null): Encoding {
  const missing = length - encoding.ids.length;
  if (missing <= 0) return encoding;
  if (!token) throw new TokenizerError('padding', 'needs a token to pad with, and the tokenizer has none.');
  const padding: Encoding = {
    ids: Array.from({ length: missing }, () => token.id),
    tokens: Array.from({ length: missing }, () => token.token),
    attentionMask: Array.from({ length: missing }, () => 0),
    offsets: Array.from({ length: missing }, (): Offset => [0, 0]),
  };
  return concat(side === 'left' ? [padding, encoding] : [encoding, padding]);
}
