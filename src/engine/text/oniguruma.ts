/** Expressions in Oniguruma's syntax, which the Rust library uses, as JavaScript has them: possessive signs and atomic groups become plain ones. */
import { SplitPreTokenizer } from '@huggingface/tokenizers';

/**
 * Null of an empty expression.
 * @throws SyntaxError where JavaScript has no such thing
 */
export function translated(source: string): RegExp | null {
  return new SplitPreTokenizer({ type: 'Split', pattern: { Regex: source }, behavior: 'Isolated', invert: true }).pattern;
}
