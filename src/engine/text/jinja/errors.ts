/** What a template is refused for, under the name of Python's exception, with the line of the template. */
import { boundedText } from '../../../environment/bounded-text.ts';

export type ErrorType =
  | 'TemplateSyntaxError'
  /** Of `raise_exception`: the template's own words. */
  | 'TemplateError'
  | 'TemplateRuntimeError'
  | 'UndefinedError'
  | 'SecurityError'
  | 'FilterArgumentError'
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'AssertionError'
  /** Jinja has it, and it is not built here. */
  | 'NotSupported'
  /** Work or output beyond a bound. */
  | 'LimitExceeded';

/** A template can complain with a whole chat. */
const MAX_MESSAGE = 1000;

export class JinjaError extends Error {
  override readonly name = 'JinjaError';
  line: number | null;

  constructor(
    readonly type: ErrorType,
    message: string,
    line: number | null = null,
  ) {
    super(boundedText(message, MAX_MESSAGE));
    this.line = line;
  }
}

export const typeError = (message: string) => new JinjaError('TypeError', message);
export const valueError = (message: string) => new JinjaError('ValueError', message);
/** @param construct as it stands in a template: `{% include %}`, `str.encode` */
export const notSupported = (construct: string, line: number | null = null) =>
  new JinjaError('NotSupported', `not supported: ${construct}`, line);

/** Errors that Python code would catch as `except (TypeError, …)`. */
export const isOf = (error: unknown, ...types: ErrorType[]): error is JinjaError =>
  error instanceof JinjaError && types.includes(error.type);
