/** White space as Python's `str` knows it, which is not quite JavaScript's: U+FEFF is none, U+001C to U+001F and U+0085 are. */

const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const IS_SPACE = new RegExp(`[${SPACE}]`);

export const isSpace = (character: string | undefined): boolean => character !== undefined && IS_SPACE.test(character);

/** `str.lstrip()`. A loop: a regular expression takes quadratic time on spaces in the middle. */
export function stripStart(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text[start])) start++;
  return text.slice(start);
}

/** `str.rstrip()` */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1])) end--;
  return text.slice(0, end);
}
