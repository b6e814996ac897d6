/** Powers of floats to the last bit: `Math.pow` of JavaScript engines is off by one now and then, and Python's is not. */

/** Bits after the point of the logarithms. */
const PRECISION = 256n;
const ONE = 1n << PRECISION;
/** Whole exponents up to this are computed exactly. */
const MAX_EXACT = 128;

/** value = top × 2^shift, of a positive float. */
export function exactly(value: number): { top: bigint; shift: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  return exponent === 0 ? { top: fraction, shift: -1074 } : { top: fraction | 0x10000000000000n, shift: exponent - 1075 };
}

/** The float nearest to top × 2^shift. */
export function nearest(top: bigint, shift: number): number {
  const size = top.toString(2).length;
  // Below the smallest normal float there are fewer bits to round to.
  const kept = Math.min(53, size + shift + 1074);
  if (kept < 0) return 0;
  const dropped = size - kept;
  if (dropped <= 0) return scale(Number(top), shift);
  const low = top & ((1n << BigInt(dropped)) - 1n);
  const half = 1n << BigInt(dropped - 1);
  const high = top >> BigInt(dropped);
  const rounded = low > half || (low === half && high % 2n === 1n) ? high + 1n : high;
  return scale(Number(rounded), shift + dropped);
}

/** In steps, since 2^1100 is no float and neither is 2^−1100. */
function scale(value: number, shift: number): number {
  let result = value;
  let left = shift;
  for (; left > 1000; left -= 1000) result *= 2 ** 1000;
  for (; left < -1000; left += 1000) result *= 2 ** -1000;
  return result * 2 ** left;
}

/** base ** exponent, both finite, base > 0. */
export function powerOf(base: number, exponent: number): number {
  if (Number.isInteger(exponent) && Math.abs(exponent) <= MAX_EXACT) return wholePower(base, exponent);
  const rough = base ** exponent;
  if (!Number.isFinite(rough) || rough === 0) return rough;
  const { top, shift } = exactly(base);
  // base = (top / 2^52) × 2^(shift + 52), the first factor between 1 and 2.
  const size = top.toString(2).length - 1;
  const logarithm = naturalLog((top << PRECISION) >> BigInt(size)) + BigInt(shift + size) * LOG_2;
  const by = exactly(Math.abs(exponent));
  const product = by.shift >= 0 ? (logarithm * by.top) << BigInt(by.shift) : (logarithm * by.top) >> BigInt(-by.shift);
  const power = exponent < 0 ? -product : product;
  const twos = (power + LOG_2 / 2n) / LOG_2;
  return nearest(exponential(power - twos * LOG_2), Number(twos) - Number(PRECISION));
}

function wholePower(base: number, exponent: number): number {
  const { top, shift } = exactly(base);
  const times = BigInt(Math.abs(exponent));
  const raised = top ** times;
  if (exponent >= 0) return nearest(raised, shift * exponent);
  // One bit that stands for all that the division leaves over rounds as they would.
  const bits = raised.toString(2).length + 80;
  const one = 1n << BigInt(bits);
  return nearest(((one / raised) << 1n) | (one % raised === 0n ? 0n : 1n), shift * exponent - bits - 1);
}

/** Of a value between 1 and 2: 2 artanh((x − 1) / (x + 1)). */
function naturalLog(value: bigint): bigint {
  const ratio = ((value - ONE) << PRECISION) / (value + ONE);
  const square = (ratio * ratio) >> PRECISION;
  let sum = 0n;
  let term = ratio;
  for (let divisor = 1n; term !== 0n; divisor += 2n) {
    sum += term / divisor;
    term = (term * square) >> PRECISION;
  }
  return 2n * sum;
}

const LOG_2 = naturalLog(ONE * 2n - 1n);

/** Of a value around 0. */
function exponential(value: bigint): bigint {
  let sum = 0n;
  let term = ONE;
  for (let count = 1n; term !== 0n && term !== -1n; count++) {
    sum += term;
    term = ((term * value) >> PRECISION) / count;
  }
  return sum;
}
