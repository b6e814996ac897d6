/** Template text to tokens, as Jinja's lexer with `trim_blocks` and `lstrip_blocks`: comments are gone, white space is controlled. */
import { JinjaError } from './errors.ts';
import { limitExceeded, MAX_SOURCE } from './limits.ts';
import { isSpace, stripEnd } from './space.ts';
import { unescapeString } from './string-literal.ts';

export type TokenType =
  | 'data'
  | 'block_begin'
  | 'block_end'
  | 'variable_begin'
  | 'variable_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  /** The text; of a string literal its contents. */
  readonly value: string;
  readonly line: number;
}

const OPERATORS = ['//', '**', '==', '!=', '>=', '<=', ...'+-/*%~[](){}><=.:|,;'];
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{ID_Continue}·]+/uy;
const NAME_START = /^[\p{ID_Start}_]/u;

/** @throws JinjaError TemplateSyntaxError, LimitExceeded */
export function tokenize(source: string): Token[] {
  if (source.length > MAX_SOURCE) throw limitExceeded(`a template of ${source.length} characters; at most ${MAX_SOURCE} are read.`);
  return new Lexer(source.replace(/\r\n?/g, '\n').replace(/\n$/, '')).run();
}

class Lexer {
  readonly #tokens: Token[] = [];
  readonly #source: string;
  #at = 0;
  #line = 1;
  #lineAt = 0;
  #nextBreak: number;
  /** Whether what comes next begins a line, for `lstrip_blocks`. */
  #atLineStart = true;

  constructor(source: string) {
    this.#source = source;
    this.#nextBreak = breakAfter(source, 0);
  }

  run(): Token[] {
    while (this.#at < this.#source.length) this.#data();
    this.#push('eof', '', this.#source.length);
    return this.#tokens;
  }

  /** Text up to the next tag, and the tag. */
  #data(): void {
    const source = this.#source;
    const start = this.#at;
    let open = source.indexOf('{', start);
    while (open >= 0 && !'{%#'.includes(source[open + 1] ?? ' ')) open = source.indexOf('{', open + 1);
    if (open < 0) {
      this.#push('data', source.slice(start), start);
      this.#at = source.length;
      return;
    }
    const kind = source[open + 1]!;
    const sign = /[-+]/.test(source[open + 2] ?? '') ? source[open + 2]! : '';
    this.#push('data', this.#beforeTag(source.slice(start, open), sign, kind !== '{'), start);
    this.#at = open + 2 + sign.length;
    if (kind === '#') this.#comment(open);
    else if (kind === '{') this.#expression('variable', open);
    else if (!this.#raw(open)) this.#expression('block', open);
  }

  /** The text before a tag, stripped as the tag's sign or `lstrip_blocks` asks. */
  #beforeTag(text: string, sign: string, isBlock: boolean): string {
    if (sign === '-') return stripEnd(text);
    if (sign === '+' || !isBlock) return text;
    const lineStart = text.lastIndexOf('\n') + 1;
    if (lineStart === 0 && !this.#atLineStart) return text;
    for (let at = lineStart; at < text.length; at++) if (!isSpace(text[at])) return text;
    return text.slice(0, lineStart);
  }

  /** After the end of a tag: `-` takes the white space, a block the line break. */
  #afterTag(sign: string, trimsLine: boolean): void {
    const end = this.#at;
    if (sign === '-') while (isSpace(this.#source[this.#at])) this.#at++;
    else if (sign === '' && trimsLine && this.#source[this.#at] === '\n') this.#at++;
    this.#atLineStart = this.#at > end && this.#source[this.#at - 1] === '\n';
  }

  #comment(open: number): void {
    const close = this.#source.indexOf('#}', this.#at);
    if (close < 0) throw this.#error('Missing end of comment tag', open);
    const before = close > this.#at ? this.#source[close - 1]! : '';
    this.#at = close + 2;
    this.#afterTag(before === '-' || before === '+' ? before : '', true);
  }

  /** `{% raw %}` with all up to `{% endraw %}`; false where the block is another. */
  #raw(open: number): boolean {
    const begin = /\s*raw\s*(-?)%\}/y;
    begin.lastIndex = this.#at;
    const match = begin.exec(this.#source);
    if (!match) return false;
    this.#at = begin.lastIndex;
    this.#afterTag(match[1]!, false);
    const start = this.#at;
    const end = /([-+]?)\s*endraw\s*([-+]?)%\}/y;
    for (let tag = this.#source.indexOf('{%', start); tag >= 0; tag = this.#source.indexOf('{%', tag + 1)) {
      end.lastIndex = tag + 2;
      const found = end.exec(this.#source);
      if (!found) continue;
      this.#push('data', this.#beforeTag(this.#source.slice(start, tag), found[1]!, true), start);
      this.#at = end.lastIndex;
      this.#afterTag(found[2]!, true);
      return true;
    }
    throw this.#error('Missing end of raw directive', open);
  }

  /** The tokens within a tag, up to its end outside of brackets. */
  #expression(kind: 'block' | 'variable', open: number): void {
    this.#push(`${kind}_begin`, this.#source.slice(open, this.#at), open);
    const source = this.#source;
    const close = kind === 'block' ? '%}' : '}}';
    const brackets: string[] = [];
    for (;;) {
      while (isSpace(source[this.#at])) this.#at++;
      const at = this.#at;
      if (at >= source.length) return;
      if (brackets.length === 0) {
        const sign = source[at] === '-' || (source[at] === '+' && kind === 'block') ? source[at]! : '';
        if (source.startsWith(close, at + sign.length)) {
          this.#push(`${kind}_end`, close, at);
          this.#at = at + sign.length + 2;
          this.#afterTag(sign, kind === 'block');
          return;
        }
      }
      this.#token(at, brackets);
    }
  }

  #token(at: number, brackets: string[]): void {
    const source = this.#source;
    const match = (pattern: RegExp) => {
      pattern.lastIndex = at;
      return pattern.exec(source)?.[0];
    };
    const first = source[at]!;
    const isDigit = first >= '0' && first <= '9';
    const float = isDigit && source[at - 1] !== '.' ? match(FLOAT) : undefined;
    if (float !== undefined) return this.#take('float', float);
    const integer = isDigit ? match(INTEGER) : undefined;
    if (integer !== undefined) return this.#take('integer', integer);
    const name = match(NAME);
    if (name !== undefined) {
      if (!NAME_START.test(name)) throw this.#error('Invalid character in identifier', at);
      return this.#take('name', name);
    }
    if (first === "'" || first === '"') return this.#string(first, at);
    const operator = OPERATORS.find((each) => source.startsWith(each, at));
    if (operator === undefined) throw this.#error(`unexpected char '${String.fromCodePoint(source.codePointAt(at)!)}' at ${at}`, at);
    if (CLOSING[operator]) brackets.push(CLOSING[operator]);
    else if (')]}'.includes(operator)) {
      const expected = brackets.pop();
      if (expected === undefined) throw this.#error(`unexpected '${operator}'`, at);
      if (expected !== operator) throw this.#error(`unexpected '${operator}', expected '${expected}'`, at);
    }
    this.#take('operator', operator);
  }

  #string(quote: string, at: number): void {
    let end = at + 1;
    while (end < this.#source.length && this.#source[end] !== quote) end += this.#source[end] === '\\' ? 2 : 1;
    if (end >= this.#source.length) throw this.#error(`unexpected char ${quote === "'" ? `"'"` : `'"'`} at ${at}`, at);
    this.#push('string', unescapeString(this.#source.slice(at + 1, end), this.#lineOf(at)), at);
    this.#at = end + 1;
  }

  #take(type: TokenType, value: string): void {
    this.#push(type, value, this.#at);
    this.#at += value.length;
  }

  #push(type: TokenType, value: string, at: number): void {
    if (type !== 'data' || value !== '') this.#tokens.push({ type, value, line: this.#lineOf(at) });
  }

  /** Positions are asked for in rising order, except for an error. */
  #lineOf(at: number): number {
    if (at < this.#lineAt) return this.#source.slice(0, at).split('\n').length;
    while (this.#nextBreak < at) {
      this.#line++;
      this.#lineAt = this.#nextBreak + 1;
      this.#nextBreak = breakAfter(this.#source, this.#lineAt);
    }
    return this.#line;
  }

  #error(message: string, at: number): JinjaError {
    return new JinjaError('TemplateSyntaxError', message, this.#lineOf(at));
  }
}

function breakAfter(source: string, at: number): number {
  const found = source.indexOf('\n', at);
  return found < 0 ? Infinity : found;
}
