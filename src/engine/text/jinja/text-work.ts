/** What is done to a text as Python does it: cut, replaced, set in a width, joined. Methods and filters share it. */
import { typeError } from './errors.ts';
import type { Budget } from './limits.ts';
import { Needle, reversed } from './needle.ts';
import { isSpace, stripEnd, stripStart } from './space.ts';
import { characters, lengthOf } from './text.ts';
import { textOf, typeName, type Value } from './values.ts';

export function countOf(text: string, part: Needle): number {
  if (part.text === '') return lengthOf(text) + 1;
  let count = 0;
  for (const _ of part.placesIn(text)) count++;
  return count;
}

export function replace(text: string, old: string, fresh: string, limit: number, budget: Budget): string {
  const part = new Needle(old, budget);
  const most = limit < 0 ? Infinity : limit;
  const count = Math.min(most, countOf(text, part));
  if (count === 0) return text;
  budget.text(text.length + count * (fresh.length - old.length));
  budget.step(count >> 1);
  if (old === '') {
    budget.each(text.length);
    const points = characters(text);
    const pieces = points.map((point, index) => (index < count ? fresh + point : point));
    return pieces.join('') + (count > points.length ? fresh : '');
  }
  const pieces: string[] = [];
  let at = 0;
  for (const found of part.placesIn(text)) {
    if (pieces.length === count * 2) break;
    pieces.push(text.slice(at, found), fresh);
    at = found + old.length;
  }
  return pieces.join('') + text.slice(at);
}

/** Words between white space, at most `limit` cuts, the rest as it stands. */
export function splitSpace(text: string, limit: number, fromEnd: boolean): string[] {
  const words: string[] = [];
  if (fromEnd) {
    let end = stripEnd(text).length;
    while (end > 0) {
      if (words.length === limit) {
        words.push(text.slice(0, end));
        break;
      }
      let start = end;
      while (start > 0 && !isSpace(text[start - 1])) start--;
      words.push(text.slice(start, end));
      end = start;
      while (end > 0 && isSpace(text[end - 1])) end--;
    }
    return words.toReversed();
  }
  let at = text.length - stripStart(text).length;
  while (at < text.length) {
    if (words.length === limit) {
      words.push(text.slice(at));
      break;
    }
    let end = at;
    while (end < text.length && !isSpace(text[end])) end++;
    words.push(text.slice(at, end));
    at = end;
    while (at < text.length && isSpace(text[at])) at++;
  }
  return words;
}

export function splitAt(text: string, separator: string, limit: number, fromEnd: boolean, budget: Budget): string[] {
  const parts: string[] = [];
  if (fromEnd) {
    // From the end, separators that overlap are found elsewhere: the text is looked through backwards.
    const backwards = reversed(text);
    let start = 0;
    for (const found of new Needle(reversed(separator), budget).placesIn(backwards)) {
      if (parts.length >= limit) break;
      parts.push(text.slice(text.length - found, text.length - start));
      start = found + separator.length;
    }
    return [text.slice(0, text.length - start), ...parts.reverse()];
  }
  let start = 0;
  for (const found of new Needle(separator, budget).placesIn(text)) {
    if (parts.length >= limit) break;
    parts.push(text.slice(start, found));
    start = found + separator.length;
  }
  return [...parts, text.slice(start)];
}

export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  const end = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
  let start = 0;
  for (let match = end.exec(text); match; match = end.exec(text)) {
    lines.push(text.slice(start, keepEnds ? end.lastIndex : match.index));
    start = end.lastIndex;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

export function center(text: string, width: number, fill: string, budget: Budget): string {
  const missing = roomFor(text, width, budget);
  const before = (missing >> 1) + (missing & width & 1);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

export function roomFor(text: string, width: number, budget: Budget): number {
  const missing = Math.max(0, width - lengthOf(text));
  budget.text(missing);
  return missing;
}

/** `str.join()` @throws JinjaError TypeError where an item is no string */
export function joinTexts(separator: string, parts: Iterable<Value>, budget: Budget): string {
  const texts: string[] = [];
  let length = 0;
  for (const part of parts) {
    const text = textOf(part);
    if (text === null) throw typeError(`sequence item ${texts.length}: expected str instance, ${typeName(part)} found`);
    length += text.length + separator.length;
    budget.grow(length);
    texts.push(text);
  }
  budget.read(length);
  return texts.join(separator);
}

export function expandTabs(text: string, size: number, budget: Budget): string {
  budget.each(text.length >> 2);
  let column = 0;
  let result = '';
  for (const character of text) {
    if (character === '\t') {
      const missing = size > 0 ? size - (column % size) : 0;
      budget.grow(result.length + missing);
      budget.read(missing);
      result += ' '.repeat(missing);
      column += missing;
    } else {
      result += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return result;
}
