/** A download of half a gigabyte must lie in memory once: chunks go straight into one buffer, of the right size where that is known. */

export class ByteSink {
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;

  /**
   * @param expected bytes to come; `null` where nobody knows. More may come than was said.
   * @param announced the size by what has come so far; asked when the buffer is full
   */
  constructor(
    expected: number | null,
    private readonly announced: (start: Uint8Array) => number | null = () => null,
  ) {
    this.#buffer = new Uint8Array(expected ?? 0);
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes there is room for; the expected size once it is known. */
  get capacity(): number {
    return this.#buffer.byteLength;
  }

  push(chunk: Uint8Array): void {
    const needed = this.#length + chunk.byteLength;
    if (needed > this.#buffer.byteLength) {
      this.#resize(Math.max(needed, this.#buffer.byteLength * 2));
      this.#buffer.set(chunk, this.#length);
      const total = this.announced(this.#buffer.subarray(0, needed));
      // A header may lie: what cannot be allocated is not believed.
      if (total !== null && total > needed) this.#tryResize(total);
    } else {
      this.#buffer.set(chunk, this.#length);
    }
    this.#length = needed;
  }

  /** What came, in a buffer of just that size. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#length === this.#buffer.byteLength ? this.#buffer : this.#buffer.slice(0, this.#length);
  }

  #tryResize(bytes: number): void {
    try {
      this.#resize(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  #resize(bytes: number): void {
    const resized = new Uint8Array(bytes);
    resized.set(this.#buffer.subarray(0, bytes));
    this.#buffer = resized;
  }
}
