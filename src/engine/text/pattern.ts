/** Patterns of tokenizer.json (strings, Oniguruma expressions, classes of characters) as one function that finds matches. */
import { endlessWays } from './backtracking.ts';
import { boundedText } from '../../environment/bounded-text.ts';
import type { JsonPart } from './json-part.ts';
import { translated } from './oniguruma.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { word } from './unicode/character-kinds.ts';
import { asOnigurumaSees } from './unicode/oniguruma-text.ts';

/** Characters of an expression that a complaint repeats. */
const MAX_SHOWN = 500;

/** Gives the matches of a text, flat: start, end, start, end, … None is empty right after another. */
export type Pattern = (text: string) => number[];

export function regexPattern(expression: RegExp): Pattern {
  return (text) => {
    const matches: number[] = [];
    expression.lastIndex = 0;
    for (let match = expression.exec(text); match; match = expression.exec(text)) {
      const end = match.index + match[0].length;
      if (end > match.index || end !== matches.at(-1)) matches.push(match.index, end);
      if (end === match.index) expression.lastIndex = end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
    }
    return matches;
  };
}

export function literalPattern(literal: string): Pattern {
  return (text) => {
    const matches: number[] = [];
    if (literal === '') return matches;
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) matches.push(at, at + literal.length);
    return matches;
  };
}

/** An expression in Oniguruma's syntax, which the Rust library uses, translated to JavaScript's. */
export function onigurumaPattern(source: string, path: string): Pattern {
  const expression = `the expression ${JSON.stringify(boundedText(source, MAX_SHOWN))}`;
  let pattern: RegExp | null;
  try {
    pattern = translated(source);
  } catch (error) {
    throw new TokenizerError(path, `${expression} cannot be used: ${String(error)}`, { cause: error });
  }
  if (!pattern) throw new TokenizerError(path, `${expression} is empty.`);
  const ways = endlessWays(source);
  if (ways !== null) {
    const shown = JSON.stringify(boundedText(ways, MAX_SHOWN));
    const message = `${expression} is not supported: ${shown} can match a text in exponentially many ways or nearly so, and browsers try them all.`;
    throw new TokenizerError(path, message);
  }
  const find = regexPattern(pattern);
  return seesCategories(source, pattern) ? (text) => find(asOnigurumaSees(text)) : find;
}

/** Categories alone tell the characters apart that one stands in for: no characters that the expression names, and none that comes again. */
const seesCategories = (source: string, { source: translation }: RegExp): boolean =>
  // oxlint-disable-next-line no-control-regex
  /\\p\{/i.test(translation) && !/[^\0-\x7f]|\\[xuk1-9]/.test(source);

/** The field `pattern`: `{ String }` or `{ Regex }`, in old files a plain string. */
export function patternOf(stage: JsonPart): { find: Pattern; literal: string | null } {
  const value = stage.get('pattern');
  if (typeof value === 'string') return { find: literalPattern(value), literal: value };
  const part = stage.part('pattern');
  const literal = part?.optionalText('String') ?? null;
  if (literal === '') throw new TokenizerError(part!.at('String'), 'must not be empty.');
  if (literal !== null) return { find: literalPattern(literal), literal };
  if (!part) throw new TokenizerError(stage.at('pattern'), 'is missing.');
  return { find: onigurumaPattern(part.text('Regex'), part.at('Regex')), literal: null };
}

/** Classes of characters as Rust has them. */
export const isWhitespace = (character: string | undefined): boolean => character !== undefined && whitespace.test(character);
export const isWordCharacter = (character: string | undefined): boolean => character !== undefined && word.has(character);

const whitespace = /^\p{White_Space}/u;
