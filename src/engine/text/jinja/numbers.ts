/** Python's numbers: integers of any size, floats, their text and their arithmetic. */
import { JinjaError, notSupported, valueError } from './errors.ts';
import { type Budget, limitExceeded, MAX_DIGITS } from './limits.ts';
import { exactly, nearest, powerOf } from './power.ts';
import { stripEnd, stripStart } from './space.ts';

export type PyNumber = bigint | number;

/** True and false are numbers too. */
export const numberOf = (value: boolean | bigint | number): PyNumber => (typeof value === 'boolean' ? (value ? 1n : 0n) : value);

/** `repr()` of an int: Python gives up beyond 4300 digits, and so it must be. */
export function printInt(value: bigint): string {
  const text = value.toString();
  if (text.length > MAX_DIGITS + 1) {
    throw valueError(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`);
  }
  return text;
}

/** `repr()` of a float: the shortest digits, which JavaScript finds too, in Python's layout. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

export const bitsOf = (value: bigint): number => (value < 0n ? -value : value).toString(16).length * 4;

/** @throws JinjaError OverflowError */
export function toFloat(value: PyNumber): number {
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(number)) throw new JinjaError('OverflowError', 'int too large to convert to float');
  return number;
}

/** @throws JinjaError for NaN and the infinities */
export function truncate(value: number): bigint {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw new JinjaError('OverflowError', 'cannot convert float infinity to integer');
  return BigInt(Math.trunc(value));
}

const byZero = (message: string) => new JinjaError('ZeroDivisionError', message);

export function floorDivideInts(a: bigint, b: bigint): bigint {
  if (b === 0n) throw byZero('integer division or modulo by zero');
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Quotient and rest as CPython finds them; the rest has the sign of the divisor. */
function divideWithRest(a: number, b: number): { quotient: number; rest: number } {
  let rest = a % b;
  let exact = (a - rest) / b;
  if (rest === 0) rest = b < 0 ? -0 : 0;
  else if (rest < 0 !== b < 0) {
    rest += b;
    exact -= 1;
  }
  if (exact === 0) return { quotient: a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest };
  const floor = Math.floor(exact);
  return { quotient: exact - floor > 0.5 ? floor + 1 : floor, rest };
}

/** The float nearest to a / b, also where neither is one. */
function divideInts(a: bigint, b: bigint): number {
  if (b === 0n) throw byZero('division by zero');
  if (BigInt.asIntN(53, a) === a && BigInt.asIntN(53, b) === b) return Number(a) / Number(b);
  const isNegative = a < 0n !== b < 0n;
  const top = a < 0n ? -a : a;
  const bottom = b < 0n ? -b : b;
  // 70 bits of the quotient and a last one for all that follows round as the whole would.
  const shift = BigInt(Math.max(0, bitsOf(bottom) - bitsOf(top) + 70));
  const scaled = (top << shift) / bottom;
  const sticky = (top << shift) % bottom === 0n ? 0n : 1n;
  const value = nearest((scaled << 1n) | sticky, -Number(shift) - 1);
  if (!Number.isFinite(value)) throw new JinjaError('OverflowError', 'integer division result too large for a float');
  return isNegative ? -value : value;
}

/** Of floats, whose last bit takes hundreds of bits. */
const STEPS_OF_A_POWER = 500;

/** Of a negative base the exponent is whole. */
const signedPower = (base: number, exponent: number) => (base < 0 && exponent % 2 !== 0 ? -1 : 1) * powerOf(Math.abs(base), exponent);

function power(a: PyNumber, b: PyNumber, budget: Budget): PyNumber {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    if (b >= 0n) {
      if (a >= -1n && a <= 1n) return a === -1n ? (b % 2n === 0n ? 1n : -1n) : b === 0n ? 1n : a;
      budget.bits(bitsOf(a) * Number(b));
      return a ** b;
    }
    if (a === 0n) throw byZero('0.0 cannot be raised to a negative power');
  }
  const base = toFloat(a);
  const exponent = toFloat(b);
  if (base === 0 && exponent < 0) throw byZero('0.0 cannot be raised to a negative power');
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    throw notSupported('a negative number to a broken power, which is a complex number');
  }
  budget.step(STEPS_OF_A_POWER);
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  const value = base === 0 || !Number.isFinite(base) || !Number.isFinite(exponent) ? base ** exponent : signedPower(base, exponent);
  if (!Number.isFinite(value) && !Number.isNaN(value) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new JinjaError('OverflowError', "(34, 'Numerical result out of range')");
  }
  return value;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

export function arithmetic(operator: ArithmeticOperator, a: PyNumber, b: PyNumber, budget: Budget): PyNumber {
  if (operator === '**') return power(a, b, budget);
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    // Small ones, which most are, need no count.
    if (BigInt.asIntN(64, a) !== a || BigInt.asIntN(64, b) !== b) budget.bits(bitsOf(a) + bitsOf(b));
    switch (operator) {
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return divideInts(a, b);
      case '//':
        return floorDivideInts(a, b);
      case '%':
        return a - floorDivideInts(a, b) * b;
    }
  }
  const [x, y] = [toFloat(a), toFloat(b)];
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      if (y === 0) throw byZero('float division by zero');
      return x / y;
    case '//':
      if (y === 0) throw byZero('float floor division by zero');
      return divideWithRest(x, y).quotient;
    case '%':
      if (y === 0) throw byZero('float modulo');
      return divideWithRest(x, y).rest;
  }
}

/** `int(text, base)`. @throws JinjaError ValueError */
export function parseInt10(text: string, base: number, budget: Budget): bigint {
  budget.each(text.length >> 1);
  const fail = () => valueError(`invalid literal for int() with base ${base}: '${text}'`);
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0');
  const match = /^([+-]?)(.*)$/su.exec(asciiDigits(stripEnd(stripStart(text))))!;
  let digits = match[2]!.toLowerCase();
  let radix = base;
  const prefix = { '0b': 2, '0o': 8, '0x': 16 }[digits.slice(0, 2)];
  if (prefix !== undefined && (base === 0 || base === prefix)) {
    radix = prefix;
    digits = digits.slice(2).replace(/^_/, '');
  } else if (base === 0) {
    radix = 10;
    if (/^0[0_]*[1-9]/.test(digits)) throw fail();
  }
  if (!/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) throw fail();
  digits = digits.replaceAll('_', '');
  if (digits.length > MAX_DIGITS && (radix & (radix - 1)) !== 0) {
    throw valueError(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`);
  }
  if (digits.length > MAX_DIGITS * 4) throw limitExceeded(`an integer of ${digits.length} digits.`);
  budget.bits(Math.ceil(digits.length * Math.log2(radix)));
  let value = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (number >= radix) throw fail();
    value = value * BigInt(radix) + BigInt(number);
  }
  return match[1] === '-' ? -value : value;
}

/** `float(text)`. @throws JinjaError ValueError */
export function parseFloat10(text: string, budget: Budget): number {
  budget.each(text.length);
  const trimmed = asciiDigits(stripEnd(stripStart(text)));
  const word = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(trimmed);
  if (word) return word[2] === undefined ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i.test(trimmed)) {
    throw valueError(`could not convert string to float: '${text}'`);
  }
  return Number(trimmed.replaceAll('_', ''));
}

/** Decimal digits of any script as those of ASCII. */
function asciiDigits(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    // Each script's ten digits stand in a row.
    let value = 0;
    while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value++;
    return String(value);
  });
}

/** `round(value, digits)`: half to even, by the exact value of the float. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 323 || value === 0) return value;
  if (digits < -308) return value < 0 ? -0 : 0;
  if (digits >= 0) return Number(fixed(value, digits));
  const { top, shift } = exactly(Math.abs(value));
  const scale = 10n ** BigInt(-digits);
  const [numerator, denominator] = shift >= 0 ? [top * 2n ** BigInt(shift), scale] : [top, 2n ** BigInt(-shift) * scale];
  return Math.sign(value) * Number(divideHalfEven(numerator, denominator) * scale);
}

/** An int to the nearest multiple of a power of ten, halves to the even one. */
export function roundIntTo(value: bigint, scale: bigint): bigint {
  const low = floorDivideInts(value, scale);
  const twice = (value - low * scale) * 2n;
  const isUp = twice > scale || (twice === scale && low % 2n !== 0n);
  return (isUp ? low + 1n : low) * scale;
}

/** With this many decimals, halves to even: the float as the exact fraction that it is. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return printFloat(value);
  const isNegative = value < 0 || Object.is(value, -0);
  const { top, shift } = exactly(Math.abs(value));
  const scale = 10n ** BigInt(decimals);
  const digits = (shift >= 0 ? top * scale * 2n ** BigInt(shift) : divideHalfEven(top * scale, 2n ** BigInt(-shift)))
    .toString()
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${isNegative ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(digits.length - decimals)}` : ''}`;
}

function divideHalfEven(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  const twice = (a % b) * 2n;
  return twice > b || (twice === b && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** With this many digits after the first, and a decimal exponent: `1.5e+03`. */
export function exponential(value: number, decimals: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(decimals + 1), exponent: 0 };
  const { top, shift } = exactly(Math.abs(value));
  const [numerator, denominator] = shift >= 0 ? [top * 2n ** BigInt(shift), 1n] : [top, 2n ** BigInt(-shift)];
  let exponent = Number(Math.abs(value).toExponential().split('e')[1]);
  for (;;) {
    const power10 = decimals - exponent;
    const scaled =
      power10 >= 0
        ? divideHalfEven(numerator * 10n ** BigInt(power10), denominator)
        : divideHalfEven(numerator, denominator * 10n ** BigInt(-power10));
    const digits = scaled.toString();
    if (digits.length === decimals + 1) return { digits, exponent };
    exponent += digits.length - decimals - 1;
  }
}
