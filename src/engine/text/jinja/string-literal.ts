/** The text of a string literal: Python's escapes, by way of its codec `unicode-escape` as Jinja uses it. */
import { JinjaError, notSupported } from './errors.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** @param body between the quotes */
export function unescapeString(body: string, line: number): string {
  if (!body.includes('\\')) return body;
  const fail = (message: string) => new JinjaError('TemplateSyntaxError', message, line);
  let text = '';
  for (let at = 0; at < body.length;) {
    if (body[at] !== '\\') {
      text += body[at++];
      continue;
    }
    const code = body.codePointAt(at + 1)!;
    const next = String.fromCodePoint(code);
    at += 1 + next.length;
    const simple = SIMPLE[next];
    if (simple !== undefined) {
      text += simple;
    } else if (next >= '0' && next <= '7') {
      const octal = /^[0-7]{1,3}/.exec(body.slice(at - 1, at + 2))![0];
      at += octal.length - 1;
      text += String.fromCodePoint(Number.parseInt(octal, 8));
    } else if (HEX_DIGITS[next] !== undefined) {
      const digits = body.slice(at, at + HEX_DIGITS[next]);
      if (digits.length < HEX_DIGITS[next] || !/^[0-9a-fA-F]+$/.test(digits)) throw fail(`truncated \\${next} escape`);
      const value = Number.parseInt(digits, 16);
      if (value > 0x10ffff) throw fail('illegal Unicode character');
      // Two of them side by side are one character here, and stay two in Python.
      if (value >= 0xd800 && value <= 0xdfff) throw notSupported('a surrogate in a string', line);
      text += String.fromCodePoint(value);
      at += digits.length;
    } else if (next === 'N') {
      throw notSupported('\\N{…} in a string', line);
    } else if (code > 127) {
      // Jinja writes it as an escape first, whose backslash the one before then escapes.
      const width = code > 0xffff ? 8 : code > 0xff ? 4 : 2;
      text += `\\${{ 2: 'x', 4: 'u', 8: 'U' }[width]}${code.toString(16).padStart(width, '0')}`;
    } else {
      text += `\\${next}`;
    }
  }
  return text;
}
