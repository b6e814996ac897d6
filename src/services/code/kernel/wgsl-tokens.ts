/** Words and signs of a WGSL source with their places, comments left out: as much of the language as is needed to find loops, bindings and accesses. */
import type { Position } from '../syntax.ts';

export interface Token {
  /** A word, a number, or one sign. */
  text: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
}

const TOKEN = /\/\/[^\n\v\f\r\u0085\u2028\u2029]*|\/\*|\s+|[\p{XID_Start}_][\p{XID_Continue}]*|\d[\w.]*|./gsu;

export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const [text] = match;
    if (text === '/*') TOKEN.lastIndex = commentEnd(source, match.index);
    else if (!/^(?:\/\/|\s)/.test(text)) tokens.push({ text, start: match.index, end: match.index + text.length });
  }
  return tokens;
}

/** Comments of WGSL nest. */
function commentEnd(source: string, start: number): number {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    if (source.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (source.startsWith('*/', i)) {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    }
  }
  return source.length;
}

/** The index of the sign that closes the one at an index; the end where there is none. */
export function closing(tokens: readonly Token[], open: number): number {
  const PAIRS: Record<string, string> = { '{': '}', '(': ')', '[': ']' };
  const [opens, closes] = [tokens[open]!.text, PAIRS[tokens[open]!.text]];
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]!.text === opens) depth++;
    else if (tokens[i]!.text === closes && --depth === 0) return i;
  }
  return tokens.length;
}

/** The index of the next token with a text, from an index on. */
export function next(tokens: readonly Token[], text: string, from: number): number {
  let index = from;
  while (index < tokens.length && tokens[index]!.text !== text) index++;
  return index;
}

export function placeOf(source: string, at: number): Position {
  const before = source.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
