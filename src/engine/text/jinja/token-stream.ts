/** The tokens before the parser, with what it expects of them. */
import { JinjaError } from './errors.ts';
import type { Token, TokenType } from './lexer.ts';

/** In Jinja's messages. */
const DESCRIPTIONS: Partial<Record<TokenType, string>> = {
  block_begin: 'begin of statement block',
  block_end: 'end of statement block',
  variable_begin: 'begin of print statement',
  variable_end: 'end of print statement',
  data: 'template data / text',
  eof: 'end of template',
};

export const describeToken = ({ type, value }: Token): string =>
  type === 'name' || type === 'operator' ? value : (DESCRIPTIONS[type] ?? type);

export class TokenStream {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get current(): Token {
    return this.tokens[this.#at]!;
  }

  get next(): Token {
    return this.tokens[Math.min(this.#at + 1, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.current;
    if (token.type !== 'eof') this.#at++;
    return token;
  }

  is(type: TokenType): boolean {
    return this.current.type === type;
  }

  isName(...names: string[]): boolean {
    return this.current.type === 'name' && names.includes(this.current.value);
  }

  isOperator(...operators: string[]): boolean {
    return this.current.type === 'operator' && operators.includes(this.current.value);
  }

  skipName(name: string): boolean {
    return this.isName(name) && (this.take(), true);
  }

  skipOperator(operator: string): boolean {
    return this.isOperator(operator) && (this.take(), true);
  }

  expect(type: TokenType): Token {
    return this.is(type) ? this.take() : this.#unexpected(DESCRIPTIONS[type] ?? type);
  }

  expectName(name: string): Token {
    return this.isName(name) ? this.take() : this.#unexpected(name);
  }

  expectOperator(operator: string): Token {
    return this.isOperator(operator) ? this.take() : this.#unexpected(operator);
  }

  fail(message: string, line = this.current.line): never {
    throw new JinjaError('TemplateSyntaxError', message, line);
  }

  #unexpected(expected: string): never {
    if (this.is('eof')) this.fail(`unexpected end of template, expected '${expected}'.`);
    this.fail(`expected token '${expected}', got '${describeToken(this.current)}'`);
  }
}
