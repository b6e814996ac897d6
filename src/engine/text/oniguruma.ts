/** Expressions in Oniguruma's syntax, which the Rust library uses, as JavaScript has them. */
import { SplitPreTokenizer } from '@huggingface/tokenizers';
import { withoutFolding } from './case-folding.ts';
import { childrenOf, parseExpression, type Part } from './expression.ts';

/**
 * Null of an empty expression.
 * @throws SyntaxError where JavaScript has no such thing
 */
export function translated(source: string): RegExp | null {
  return unfolded(withoutAtomicParts(withoutFolding(source, unfolded)));
}

function unfolded(Regex: string): RegExp | null {
  return new SplitPreTokenizer({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: true }).pattern;
}

/** What JavaScript has no sign for, in its words: what was looked for is settled, and what was found is taken. */
function withoutAtomicParts(source: string): string {
  if (!/[*+?]\+|\(\?>/.test(source)) return source;
  const whole = parseExpression(source);
  if (!whole) return source;
  let count = 0;
  const write = (part: Part): string => {
    let text = '';
    let at = part.start;
    for (const child of childrenOf(part)) {
      text += source.slice(at, child.start) + write(child);
      at = child.end;
    }
    text += source.slice(at, part.end);
    if (!part.isAtomic) return text;
    const plain = part.kind === 'repeat' ? text.slice(0, -1) : text.replace('(?>', '(?:');
    const name = `_${count++}`;
    return `(?:(?=(?<${name}>${plain}))\\k<${name}>)`;
  };
  return write(whole);
}
