/** Conversions between the float formats of weight files and those that the runtime computes in. */
import type { WeightTensor } from '../../engine/weights.ts';

/** Writes `tensor`'s numbers into `target` (4-byte aligned) as `dtype`. */
export function convert({ dtype: from, bytes }: WeightTensor, dtype: 'float32' | 'float16', target: Uint8Array): void {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  if (from === 'F32') return toHalf(new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4), view16(target));
  const source = view16(aligned);
  if (dtype === 'float32') return from === 'BF16' ? widenBrainFloat(source, view32(target)) : widenHalf(source, view32(target));
  const single = new Uint32Array(source.length);
  widenBrainFloat(source, single);
  toHalf(new Float32Array(single.buffer), view16(target));
}

const view16 = (bytes: Uint8Array): Uint16Array => new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
const view32 = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);

/** A bfloat16 is the upper half of a float32. */
function widenBrainFloat(source: Uint16Array, target: Uint32Array): void {
  for (let i = 0; i < source.length; i++) target[i] = source[i]! << 16;
}

function widenHalf(source: Uint16Array, target: Uint32Array): void {
  const table = halfTable();
  for (let i = 0; i < source.length; i++) target[i] = table[source[i]!]!;
}

let halves: Uint32Array | null = null;

/** The float32 bits of each of the 65536 halves. */
function halfTable(): Uint32Array {
  if (halves) return halves;
  halves = new Uint32Array(65536);
  const single = new Float32Array(halves.buffer);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) single[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else single[bits] = sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  }
  return halves;
}

/** Nearest half, ties to even; what is too large becomes infinity. */
function toHalf(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) {
    const b = bits[i]!;
    const sign = (b >>> 16) & 0x8000;
    const magnitude = b & 0x7fffffff;
    if (magnitude > 0x7f800000) target[i] = sign | 0x7e00;
    else if (magnitude >= 0x47800000) target[i] = sign | 0x7c00;
    else if (magnitude >= 0x38800000) target[i] = sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
    else target[i] = sign | roundToEven(Math.abs(source[i]!) * 2 ** 24); // subnormal: a multiple of 2⁻²⁴
  }
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
