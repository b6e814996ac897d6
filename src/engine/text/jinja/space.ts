/** White space as Python's `str` knows it, which is not quite JavaScript's: U+FEFF is none, U+001C to U+001F and U+0085 are. */

const WIDE_SPACES = new Set([0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);

export function isSpace(character: string | undefined): boolean {
  if (character === undefined) return false;
  const code = character.charCodeAt(0);
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return WIDE_SPACES.has(code) || (code >= 0x2000 && code <= 0x200a);
}

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

/** `str.isdigit()` for the digits that `int()` reads. */
export const isDigits = (text: string): boolean => /^[0-9]+$/.test(text);
