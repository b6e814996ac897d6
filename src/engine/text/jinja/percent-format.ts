/** The operator `%` of strings: printf's conversions over a value, a tuple or a dictionary. */
import { JinjaError, typeError, valueError } from './errors.ts';
import { format } from './format-spec.ts';
import { escape } from './html.ts';
import { type Budget, limitExceeded } from './limits.ts';
import { numberOf, truncate } from './numbers.ts';
import { print, reprOf } from './repr.ts';
import { asciiRepr } from './str-format.ts';
import { lengthOf, sliceOf } from './text.ts';
import { Dict, isInt, isList, isNumber, Markup, Range, textOf, Tuple, typeName, Undefined, type Value } from './values.ts';

const CONVERSION = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?(.)?/gsu;

export function formatPercent(template: string | Markup, values: Value, budget: Budget): Value {
  const text = textOf(template)!;
  const isMarkup = template instanceof Markup;
  budget.text(text.length);
  const source = new Values(values, budget);
  let result = '';
  let at = 0;
  // One after the other: the first that is wrong ends it, and a bracket that is never closed is looked for once.
  for (const match of text.matchAll(CONVERSION)) {
    const part = converted(match, source, isMarkup, budget);
    result += text.slice(at, match.index) + part;
    at = match.index + match[0].length;
    budget.grow(result.length);
  }
  result += text.slice(at);
  budget.text(result.length);
  source.finish();
  return isMarkup ? new Markup(result) : result;
}

function converted(
  [match, key, flags = '', width, precision, code]: RegExpExecArray,
  source: Values,
  isMarkup: boolean,
  budget: Budget,
): string {
  if (code === undefined) throw valueError('incomplete format');
  if (code === '%' && match === '%%') return '%';
  if (key !== undefined) source.choose(key);
  const spec = { flags, width: sizeOf(width, source) ?? 0, precision: precision === '' ? 0 : sizeOf(precision, source), code };
  return code === '%' ? '%' : convert(source.next(), spec, budget, isMarkup);
}

/** The values on the right side: a tuple's items, or one value, or the entries of a mapping. */
class Values {
  #index = 0;
  #chosen: { value: Value } | null = null;
  readonly #items: readonly Value[];
  readonly #mapping: Dict | null;

  constructor(
    private readonly given: Value,
    private readonly budget: Budget,
  ) {
    this.#items = given instanceof Tuple ? given.items : [given];
    this.#mapping = given instanceof Dict ? given : null;
  }

  choose(key: string): void {
    if (!this.#mapping) throw typeError('format requires a mapping');
    const value = this.#mapping.get(key, this.budget);
    if (value === undefined) throw new JinjaError('KeyError', `'${key}'`);
    this.#chosen = { value };
  }

  next(): Value {
    if (this.#chosen) {
      const { value } = this.#chosen;
      this.#chosen = null;
      return value;
    }
    const value = this.#items[this.#index++];
    if (value === undefined) throw typeError('not enough arguments for format string');
    return value;
  }

  finish(): void {
    const { given } = this;
    // A value that could be a mapping need not be used.
    const isMapping = given instanceof Dict || isList(given) || given instanceof Range || given instanceof Undefined;
    if (this.#index < this.#items.length && !isMapping) {
      throw typeError('not all arguments converted during string formatting');
    }
  }
}

function sizeOf(size: string | undefined, source: Values): number | null {
  if (size === undefined) return null;
  if (size !== '*') {
    if (size.length > 9) throw limitExceeded(`a text of ${size} characters.`);
    return Number(size);
  }
  const value = source.next();
  if (!isInt(value)) throw typeError('* wants int');
  return Number(value);
}

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly code: string;
}

function convert(value: Value, { flags, width, precision, code }: Conversion, budget: Budget, isMarkup: boolean): string {
  const isLeft = flags.includes('-') || width < 0;
  const room = Math.abs(width);
  budget.text(Math.max(room, precision ?? 0));
  if ('sra'.includes(code)) {
    const text = textOfConversion(value, code, budget, isMarkup);
    budget.read(text.length);
    const cut = precision === null ? text : sliceOf(text, 0, precision);
    return padded(cut, room, isLeft);
  }
  if (code === 'c') return padded(characterOf(value), room, isLeft);
  const number = numberFor(value, code);
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-';
  const alternate = flags.includes('#') ? '#' : '';
  const digits = signed(number, { sign, alternate, precision, code }, budget);
  if (flags.includes('0') && !isLeft) {
    return digits.sign + digits.body.padStart(room - digits.sign.length, '0');
  }
  return padded(digits.sign + digits.body, room, isLeft);
}

function textOfConversion(value: Value, code: string, budget: Budget, isMarkup: boolean): string {
  const text = code === 's' ? print(value, budget) : code === 'r' ? reprOf(value, budget) : asciiRepr(reprOf(value, budget));
  return isMarkup ? escape(code === 's' ? value : text, budget) : text;
}

const padded = (text: string, room: number, isLeft: boolean) => {
  const fill = ' '.repeat(Math.max(0, room - lengthOf(text)));
  return isLeft ? text + fill : fill + text;
};

function characterOf(value: Value): string {
  const text = textOf(value);
  if (text !== null && text.length <= 2 && lengthOf(text) === 1) return text;
  if (!isInt(value)) throw typeError('%c requires int or char');
  if (Number(value) < 0 || Number(value) > 0x10ffff) throw new JinjaError('OverflowError', '%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(value));
}

function numberFor(value: Value, code: string): bigint | number {
  const isWhole = 'diuoxX'.includes(code);
  if (!isWhole && !'eEfFgG'.includes(code))
    throw valueError(`unsupported format character '${code}' (0x${code.codePointAt(0)!.toString(16)})`);
  if (!isNumber(value)) {
    if (!isWhole) throw typeError(value instanceof Undefined ? value.fail() : `must be real number, not ${typeName(value)}`);
    throw typeError(
      `%${code} format: ${'oxX'.includes(code) ? 'an integer is required' : 'a real number is required'}, not ${typeName(value)}`,
    );
  }
  const number = numberOf(value);
  if (!isWhole || typeof number === 'bigint') return number;
  if ('oxX'.includes(code)) throw typeError(`%${code} format: an integer is required, not float`);
  return truncate(number);
}

function signed(
  number: bigint | number,
  { sign, alternate, precision, code }: { sign: string; alternate: string; precision: number | null; code: string },
  budget: Budget,
): { sign: string; body: string } {
  const type = 'diu'.includes(code) ? 'd' : code;
  const fraction = typeof number === 'number' || 'eEfFgG'.includes(code) ? `.${precision ?? 6}` : '';
  const text = format(number, `${sign}${alternate}${fraction}${type}`, budget);
  const [, mark = '', prefix = '', body = ''] = /^([-+ ]?)(0[xXo](?=\w))?(.*)$/s.exec(text)!;
  if (fraction !== '') return { sign: mark, body: (prefix ?? '') + body };
  return { sign: mark + prefix, body: body.padStart(precision ?? 0, '0') };
}
