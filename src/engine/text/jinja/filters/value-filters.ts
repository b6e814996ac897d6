/** Filters over numbers and single values, and `tojson`. */
import { toIndex } from '../arguments.ts';
import { isOf, JinjaError, typeError } from '../errors.ts';
import { dumps } from '../json.ts';
import { arithmetic, fixed, numberOf, parseFloat10, parseInt10, roundFloat, roundIntTo, toFloat, truncate } from '../numbers.ts';
import { isTrue } from '../sequences.ts';
import { isNumber, textOf, typeName, Undefined, type Value } from '../values.ts';
import type { Budget } from '../limits.ts';
import { type Filter, filter, type Filters } from './filter.ts';

/** `float()` @throws JinjaError TypeError, ValueError, OverflowError */
function asFloat(value: Value, budget: Budget): number {
  const text = textOf(value);
  if (text !== null) return parseFloat10(text, budget);
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
  return toFloat(numberOf(value));
}

/** `int()` @throws JinjaError TypeError, ValueError, OverflowError */
function asInt(value: Value, base: number, budget: Budget): bigint {
  const text = textOf(value);
  if (text !== null) return parseInt10(text, base, budget);
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`);
  const number = numberOf(value);
  return typeof number === 'bigint' ? number : truncate(number);
}

const int: Filter = filter('int', 'default= base=', (value, [otherwise = 0n, base = 10n], { budget }) => {
  try {
    return asInt(value, toIndex(base), budget);
  } catch (error) {
    if (!isOf(error, 'TypeError', 'ValueError')) throw error;
  }
  try {
    return truncate(asFloat(value, budget));
  } catch (error) {
    if (isOf(error, 'TypeError', 'ValueError', 'OverflowError')) return otherwise;
    throw error;
  }
});

const float: Filter = filter('float', 'default=', (value, [otherwise = 0], { budget }) => {
  try {
    return asFloat(value, budget);
  } catch (error) {
    if (isOf(error, 'TypeError', 'ValueError')) return otherwise;
    throw error;
  }
});

const round: Filter = filter('round', 'precision= method=', (value, [precision = 0n, method = 'common'], { budget }) => {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
    throw new JinjaError('FilterArgumentError', 'method must be common, ceil or floor');
  }
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  const number = numberOf(value);
  if (method === 'common') return roundCommon(number, precision, budget);
  const scale = arithmetic('**', 10n, BigInt(toIndex(precision)), budget);
  const scaled = arithmetic('*', number, scale, budget);
  const whole = typeof scaled === 'bigint' ? scaled : truncate(method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled));
  return arithmetic('/', whole, scale, budget);
});

function roundCommon(number: bigint | number, precision: Value, budget: Budget): Value {
  if (precision === null)
    return typeof number === 'bigint' ? number : truncate(Number.isFinite(number) ? Number(fixed(number, 0)) : number);
  const digits = toIndex(precision);
  if (typeof number === 'number') return roundFloat(number, digits);
  if (digits >= 0) return number;
  budget.bits(-digits * 4);
  return roundIntTo(number, 10n ** BigInt(-digits));
}

const SIZES = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

const fileSize: Filter = filter('filesizeformat', 'binary=', (value, [binary = false], { budget }) => {
  const bytes = asFloat(value, budget);
  const base = isTrue(binary) ? 1024 : 1000;
  const unitOf = (size: string) => (isTrue(binary) ? `${size.toUpperCase()}iB` : `${size}B`);
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${truncate(bytes)} Bytes`;
  const power = SIZES.findIndex((_, index) => bytes < base ** (index + 2));
  const index = power < 0 ? SIZES.length - 1 : power;
  return `${fixed((base * bytes) / base ** (index + 2), 1)} ${unitOf(SIZES[index]!)}`;
});

const orElse: Filter = filter('default', 'default_value= boolean=', (value, [otherwise = '', boolean = false]) =>
  value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? otherwise : value,
);

const toJson: Filter = filter(
  'tojson',
  'ensure_ascii= indent= separators= sort_keys=',
  (value, [ensureAscii = false, indent = null, separators = null, sortKeys = false], { budget }) =>
    dumps(value, { ensureAscii: isTrue(ensureAscii), indent, separators, sortKeys: isTrue(sortKeys) }, budget),
);

export const VALUE_FILTERS: Filters = {
  int,
  float,
  abs: filter('abs', '', (value) => {
    if (!isNumber(value)) throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
    const number = numberOf(value);
    return typeof number === 'number' ? Math.abs(number) : number < 0n ? -number : number;
  }),
  round,
  filesizeformat: fileSize,
  default: orElse,
  d: orElse,
  tojson: toJson,
};
