/** Strings by code points, as Python counts them, over JavaScript's UTF-16. */

const SURROGATE = /[\ud800-\udfff]/;

/** Of a pair; a half that stands alone counts as one. */
const isSecondHalf = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;

const isBasic = (text: string) => !SURROGATE.test(text);

/** `len()` */
export function lengthOf(text: string): number {
  if (isBasic(text)) return text.length;
  let length = text.length;
  for (let at = 1; at < text.length; at++) if (isSecondHalf(text, at)) length--;
  return length;
}

/** Each code point as a string. */
export const characters = (text: string): readonly string[] => Array.from(text);

/** From code point to code point. */
export function sliceOf(text: string, start: number, end: number): string {
  return isBasic(text) ? text.slice(start, end) : text.slice(unitOf(text, start), unitOf(text, end));
}

/** The place in UTF-16 of a place in code points. */
export function unitOf(text: string, place: number): number {
  if (isBasic(text)) return Math.min(place, text.length);
  let unit = 0;
  for (let count = 0; count < place && unit < text.length; count++) unit += isSecondHalf(text, unit + 1) ? 2 : 1;
  return unit;
}

/** The code point at a place; undefined behind the end. */
export function characterAt(text: string, place: number): string | undefined {
  const code = text.codePointAt(unitOf(text, place));
  return code === undefined ? undefined : String.fromCodePoint(code);
}

/** The character that begins, or ends, at a place in UTF-16; nothing at the end, or the start. */
export const characterFrom = (text: string, unit: number): string => text.slice(unit, unit + (isSecondHalf(text, unit + 1) ? 2 : 1));
export const characterBefore = (text: string, unit: number): string =>
  text.slice(Math.max(0, unit - (isSecondHalf(text, unit - 1) ? 2 : 1)), unit);

/** The place in code points of a place in UTF-16. */
export const placeOf = (text: string, unit: number): number => lengthOf(text.slice(0, unit));

/** In the order of code points, which is not that of UTF-16 where pairs meet U+E000 and above. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === a.length || at === b.length) return a.length - b.length;
  // Within a pair the first half decides, or it is equal.
  if (at > 0 && /[\ud800-\udbff]/.test(a[at - 1]!)) at--;
  return a.codePointAt(at)! - b.codePointAt(at)!;
}

/** `repr()` of a string: Python's quotes and escapes. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('\\') && !text.includes(mark)) return mark + text + mark;
  let quoted = mark;
  for (const character of text) {
    if (character === mark || character === '\\') quoted += `\\${character}`;
    else if (ESCAPES[character] !== undefined) quoted += ESCAPES[character];
    else if (isPrintable(character)) quoted += character;
    else quoted += hexEscape(character.codePointAt(0)!);
  }
  return quoted + mark;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function hexEscape(code: number): string {
  const width = code > 0xffff ? 8 : code > 0xff ? 4 : 2;
  return `\\${{ 2: 'x', 4: 'u', 8: 'U' }[width]}${code.toString(16).padStart(width, '0')}`;
}

/** Of one character: no control, format, surrogate, private, unassigned, or separator other than the space. */
export const isPrintable = (character: string): boolean => character === ' ' || !/^[\p{C}\p{Z}]$/u.test(character);
