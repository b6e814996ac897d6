/** Weights and revisions are named by their SHA-256: by Web Crypto where there is one and the file is not too large for its copy, else here. */
import { toHex } from './ids.ts';

/** Web Crypto copies what it hashes; above this the slower way, which copies nothing, is kinder to memory. */
const SUBTLE_LIMIT_BYTES = 1 << 30;
/** Bytes hashed between two looks at the signal. */
const SLICE_BYTES = 16 << 20;

/** SHA-256 of the bytes as hex. Rejects with the signal's reason. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<string> {
  // Without a secure context there is no `subtle`, whatever the type says.
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (subtle && bytes.byteLength <= SUBTLE_LIMIT_BYTES) {
    const digest = await subtle.digest('SHA-256', bytes);
    signal?.throwIfAborted();
    return toHex(new Uint8Array(digest));
  }
  const hash = new Sha256();
  for (let at = 0; at < bytes.byteLength; at += SLICE_BYTES) {
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
    if (at + SLICE_BYTES < bytes.byteLength) await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  }
  return toHex(hash.digest());
}

/** One hash for several files: of a single file its own, of shards that of their digests in order. */
export function combineHashes(hashes: readonly string[]): string {
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  return toHex(new Sha256().update(Uint8Array.from(hashes.join('').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))).digest());
}

/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const K = Int32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
/** And of the square roots of the first eight: the initial state. */
const INITIAL = Int32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));

/** SHA-256 of a stream (FIPS 180-4). */
export class Sha256 {
  #state = INITIAL.slice();
  #schedule = new Int32Array(64);
  #block = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  update(bytes: Uint8Array): this {
    this.#length += bytes.byteLength;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(64 - this.#filled, bytes.byteLength);
      this.#block.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < 64) return this;
      this.#compress(this.#block, 0);
    }
    for (; at + 64 <= bytes.byteLength; at += 64) this.#compress(bytes, at);
    this.#block.set(bytes.subarray(at));
    this.#filled = bytes.byteLength - at;
    return this;
  }

  digest(): Uint8Array<ArrayBuffer> {
    const bits = this.#length * 8;
    const padding = new Uint8Array((this.#filled < 56 ? 64 : 128) - this.#filled);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.byteLength - 8, BigInt(bits));
    this.update(padding);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => digest.setInt32(i * 4, word));
    return new Uint8Array(digest.buffer);
  }

  #compress(bytes: Uint8Array, at: number): void {
    const w = this.#schedule;
    for (let i = 0, j = at; i < 16; i++, j += 4) w[i] = (bytes[j]! << 24) | (bytes[j + 1]! << 16) | (bytes[j + 2]! << 8) | bytes[j + 3]!;
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }
    const state = this.#state;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

/** First 32 bits behind the point, as a signed number: those stay integers in the engine's registers. */
function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
}
