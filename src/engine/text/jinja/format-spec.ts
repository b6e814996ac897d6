/** Python's format specifications: `>5`, `+.2f`, `#x`, `,`. */
import { JinjaError, notSupported, valueError } from './errors.ts';
import { type Budget, limitExceeded } from './limits.ts';
import { bitsOf, exponential, fixed, numberOf, printFloat, printInt, toFloat } from './numbers.ts';
import { print } from './repr.ts';
import { lengthOf, sliceOf } from './text.ts';
import { textOf, typeName, Undefined, type Value } from './values.ts';

interface Spec {
  readonly fill: string;
  readonly align: string | null;
  readonly sign: string;
  readonly isAlternate: boolean;
  readonly isZeroPadded: boolean;
  readonly width: number;
  readonly group: string;
  readonly precision: number | null;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;
/** No text is longer, so more can't be meant. */
const MAX_WIDTH_DIGITS = 9;

function readSpec(spec: string, type: string): Spec {
  const match = SPEC.exec(spec);
  if (!match) throw valueError(`Invalid format specifier '${spec}' for object of type '${type}'`);
  const [, fill, align, sign, z, alternate, zero, width, group, precision, kind] = match;
  if (z !== undefined) throw notSupported('the option z of a format specification');
  for (const digits of [width, precision])
    if ((digits?.length ?? 0) > MAX_WIDTH_DIGITS) throw limitExceeded(`a text of ${digits} characters.`);
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? null,
    sign: sign ?? '-',
    isAlternate: alternate !== undefined,
    isZeroPadded: zero !== undefined,
    width: Number(width ?? 0),
    group: group ?? '',
    precision: precision === undefined ? null : Number(precision),
    type: kind ?? '',
  };
}

/** `format(value, spec)` */
export function format(value: Value, spec: string, budget: Budget): string {
  const text = textOf(value);
  if (text !== null) return formatText(text, readSpec(spec, 'str'), budget);
  if (spec === '') return print(value, budget);
  if (typeof value === 'bigint' || typeof value === 'boolean')
    return formatInt(numberOf(value) as bigint, readSpec(spec, typeName(value)), budget);
  if (typeof value === 'number') return formatFloat(value, readSpec(spec, 'float'), budget);
  const type = value instanceof Undefined ? 'Undefined' : typeName(value);
  throw new JinjaError('TypeError', `unsupported format string passed to ${type}.__format__`);
}

function formatText(text: string, spec: Spec, budget: Budget): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec.type, 'str');
  if (spec.sign !== '-' || spec.isAlternate)
    throw valueError(`${spec.isAlternate ? 'Alternate form (#)' : 'Sign'} not allowed in string format specifier`);
  if (spec.align === '=') throw valueError("'=' alignment not allowed in string format specifier");
  if (spec.group) throw valueError(`Cannot specify '${spec.group}' with 's'.`);
  budget.read(text.length);
  const cut = spec.precision === null ? text : sliceOf(text, 0, spec.precision);
  return pad('', cut, { ...spec, align: spec.align ?? '<' }, budget);
}

function formatInt(value: bigint, spec: Spec, budget: Budget): string {
  const { type, isAlternate } = spec;
  if ('eEfFgG%'.includes(type) && type !== '') return formatFloat(toFloat(value), spec, budget);
  if (spec.precision !== null) throw valueError('Precision not allowed in integer format specifier');
  if (type === 'c') {
    if (value < 0n || value > 0x10ffffn) throw new JinjaError('OverflowError', '%c arg not in range(0x110000)');
    if (spec.group) throw valueError(`Cannot specify '${spec.group}' with 'c'.`);
    return pad('', String.fromCodePoint(Number(value)), { ...spec, align: spec.align ?? '<' }, budget);
  }
  if (!['', 'd', 'n', 'b', 'o', 'x', 'X'].includes(type)) throw unknownCode(type, 'int');
  const radix = { b: 2, o: 8, x: 16, X: 16 }[type] ?? 10;
  if (spec.group && (type === 'n' || (spec.group === ',' && radix !== 10)))
    throw valueError(`Cannot specify '${spec.group}' with '${type}'.`);
  const size = value < 0n ? -value : value;
  if (BigInt.asIntN(64, size) !== size) budget.bits(bitsOf(size));
  const digits = radix === 10 ? printInt(size) : size.toString(radix);
  const prefix = isAlternate && radix !== 10 ? `0${type}` : '';
  const text = type === 'X' ? digits.toUpperCase() : digits;
  return padNumber(signOf(value < 0n, spec) + prefix, text, '', spec, budget, radix === 10 ? 3 : 4);
}

function formatFloat(value: number, spec: Spec, budget: Budget): string {
  const { type, group } = spec;
  if (!['', 'e', 'E', 'f', 'F', 'g', 'G', '%', 'n'].includes(type)) throw unknownCode(type, 'float');
  if (group && type === 'n') throw valueError(`Cannot specify '${group}' with 'n'.`);
  const sign = signOf(value < 0 || Object.is(value, -0), spec);
  const size = Math.abs(value);
  const text = !Number.isFinite(size) ? (Number.isNaN(size) ? 'nan' : 'inf') + (type === '%' ? '%' : '') : digitsOf(size, spec, budget);
  const [, whole = '', rest = ''] = /^(\d*)(.*)$/s.exec(text)!;
  const cased = 'EFG'.includes(type) && type !== '' ? rest.toUpperCase() : rest;
  return padNumber(Number.isNaN(value) && spec.sign === '-' ? '' : sign, whole, cased, spec, budget, 3);
}

function digitsOf(size: number, spec: Spec, budget: Budget): string {
  const precision = spec.precision ?? 6;
  budget.text(precision);
  budget.bits(Math.ceil(precision * 3.33));
  switch (spec.type.toLowerCase()) {
    case 'f':
      return fixed(size, precision) + (spec.isAlternate && precision === 0 ? '.' : '');
    case '%':
      return `${fixed(size * 100, precision)}%`;
    case 'e':
      return scientific(size, precision, spec.isAlternate);
    case '':
      if (spec.precision === null) return printFloat(size);
      return general(size, precision, spec.isAlternate, true);
    default:
      return general(size, precision, spec.isAlternate, false);
  }
}

const exponentText = (exponent: number) => `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

function scientific(size: number, precision: number, keepsPoint: boolean): string {
  const { digits, exponent } = exponential(size, precision);
  const fraction = digits.slice(1);
  return `${digits[0]}${fraction !== '' || keepsPoint ? '.' : ''}${fraction}${exponentText(exponent)}`;
}

/** @param isBare the type is left out: at least one digit after the point, and the exponent from one digit earlier */
function general(size: number, precision: number, isAlternate: boolean, isBare: boolean): string {
  const significant = Math.max(precision, 1);
  const { exponent } = exponential(size, significant - 1);
  const isFixed = exponent >= -4 && exponent < significant - (isBare ? 1 : 0);
  const text = isFixed ? fixed(size, significant - 1 - exponent) : scientific(size, significant - 1, false);
  if (isAlternate) return text.includes('.') || !isFixed ? text : `${text}.`;
  const [mantissa = '', power] = text.split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (power !== undefined) return `${short}e${power}`;
  return isBare && !short.includes('.') ? `${short}.0` : short;
}

const signOf = (isNegative: boolean, { sign }: Spec) => (isNegative ? '-' : sign === '-' ? '' : sign);

/** Groups the digits and pads, with zeros between sign and digits where it is asked for. */
function padNumber(sign: string, whole: string, rest: string, spec: Spec, budget: Budget, groupSize: number): string {
  const align = spec.align ?? (spec.isZeroPadded ? '=' : '>');
  budget.text(Math.max(spec.width, whole.length));
  const fillsZeros = align === '=' && spec.fill === '0' && spec.group !== '' && whole !== '';
  if (fillsZeros) {
    const room = spec.width - sign.length - rest.length;
    // As many digits as fill the room with their separators; one more where a separator would come first.
    const count = room - Math.floor(room / (groupSize + 1)) + (room % (groupSize + 1) === 0 ? 1 : 0);
    return sign + grouped(whole.padStart(count, '0'), spec.group, groupSize) + rest;
  }
  return pad(sign, grouped(whole, spec.group, groupSize) + rest, { ...spec, align }, budget);
}

function grouped(digits: string, separator: string, size: number): string {
  if (separator === '') return digits;
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= size) groups.push(digits.slice(Math.max(0, end - size), end));
  return groups.reverse().join(separator);
}

function pad(sign: string, text: string, { fill, align, width }: Spec, budget: Budget): string {
  const missing = Math.max(0, width - lengthOf(sign) - lengthOf(text));
  budget.text(missing * fill.length);
  if (align === '=') return sign + fill.repeat(missing) + text;
  const before = align === '>' ? missing : align === '^' ? missing >> 1 : 0;
  return fill.repeat(before) + sign + text + fill.repeat(missing - before);
}

const unknownCode = (code: string, type: string) => valueError(`Unknown format code '${code}' for object of type '${type}'`);
