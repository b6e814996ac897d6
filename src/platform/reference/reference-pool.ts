/** KV blocks in one typed array: what a wrong block table reads is really wrong. */
import type { KvPool } from '../../engine/model-runner.ts';
import type { KvAccess, ReferenceConfig } from './llama.ts';

/** Layout of a block: [layer, position in block, key | value, kvHeads, D]. */
export class ReferencePool implements KvPool {
  readonly blockBytes: number;
  readonly #data: Float32Array;
  /** Floats of one token's keys, or values, in one layer. */
  readonly #width: number;
  readonly #blockFloats: number;

  constructor(
    config: ReferenceConfig,
    readonly numBlocks: number,
    readonly blockSize: number,
  ) {
    this.#width = config.numKvHeads * config.headDim;
    this.#blockFloats = config.numLayers * blockSize * 2 * this.#width;
    this.blockBytes = this.#blockFloats * 4;
    // NaN: a place that was never written poisons whoever reads it.
    this.#data = new Float32Array(numBlocks * this.#blockFloats).fill(NaN);
  }

  copyBlock(from: number, to: number): void {
    this.#block(to).set(this.#block(from));
  }

  async readBlock(block: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#block(block).slice().buffer);
  }

  writeBlock(block: number, bytes: Uint8Array): void {
    this.#block(block).set(new Float32Array(bytes.slice().buffer));
  }

  /** All contents are gone, as after a lost device. */
  lose(): void {
    this.#data.fill(NaN);
  }

  /** A sequence's keys and values through its block table. */
  access(blockTable: readonly number[]): KvAccess {
    const view = (layer: number, position: number, part: 0 | 1): Float32Array => {
      const block = blockTable[Math.floor(position / this.blockSize)];
      if (block === undefined)
        throw new RangeError(`Position ${position} lies beyond a block table of ${blockTable.length} blocks of ${this.blockSize}.`);
      const start = block * this.#blockFloats + ((layer * this.blockSize + (position % this.blockSize)) * 2 + part) * this.#width;
      return this.#data.subarray(start, start + this.#width);
    };
    return { key: (layer, position) => view(layer, position, 0), value: (layer, position) => view(layer, position, 1) };
  }

  #block(block: number): Float32Array {
    if (!(block >= 0 && block < this.numBlocks)) throw new RangeError(`Block ${block} lies outside of a pool of ${this.numBlocks}.`);
    return this.#data.subarray(block * this.#blockFloats, (block + 1) * this.#blockFloats);
  }
}
