/** The KV pool of an opaque model: blocks in ordinary memory, gathered for each run, since such a graph takes its past in one piece. */
import type { BatchRow, KvPool } from '../../engine/model-runner.ts';

export interface OpaqueGeometry {
  numBlocks: number;
  blockSize: number;
  numLayers: number;
  numKvHeads: number;
  headDim: number;
}

/** The past of one sequence as a run left it: arrays [Hkv, length, D], layer by layer keys then values. */
interface Mirror {
  blocks: readonly number[];
  /** Writes to each of the blocks when the mirror was made. */
  versions: readonly number[];
  length: number;
  arrays: readonly Float32Array[];
}

/** Sequences whose last past is kept, so that a decode step gathers nothing. */
const MIRRORS = 16;

export class OpaqueBlockPool implements KvPool {
  readonly numBlocks: number;
  readonly blockSize: number;
  readonly blockBytes: number;
  /** [numBlocks, L * 2, Hkv, blockSize, D] */
  readonly #data: Float32Array<ArrayBuffer>;
  readonly #versions: Uint32Array;
  readonly #mirrors: Mirror[] = [];
  readonly #blockLength: number;

  constructor(private readonly geometry: OpaqueGeometry) {
    const { numBlocks, blockSize, numLayers, numKvHeads, headDim } = geometry;
    this.numBlocks = numBlocks;
    this.blockSize = blockSize;
    this.#blockLength = 2 * numLayers * numKvHeads * blockSize * headDim;
    this.blockBytes = this.#blockLength * 4;
    this.#data = new Float32Array(numBlocks * this.#blockLength);
    this.#versions = new Uint32Array(numBlocks);
  }

  /** Keys and values of a row's past, [Hkv, past, D] each; layer by layer keys, then values. */
  past({ past, blockTable }: BatchRow): readonly Float32Array[] {
    const { numLayers, numKvHeads, headDim } = this.geometry;
    if (past === 0 || !blockTable) return Array.from({ length: 2 * numLayers }, () => new Float32Array(0));
    const blocks = blockTable.slice(0, Math.ceil(past / this.blockSize));
    const mirror = this.#mirrors.find((candidate) => candidate.length === past && this.#holds(candidate, blocks));
    if (mirror) return mirror.arrays;
    return Array.from({ length: 2 * numLayers }, (_, part) => {
      const out = new Float32Array(numKvHeads * past * headDim);
      blocks.forEach((block, b) => {
        const tokens = Math.min(this.blockSize, past - b * this.blockSize);
        for (let head = 0; head < numKvHeads; head++) {
          const from = this.#at(block, part, head);
          out.set(this.#data.subarray(from, from + tokens * headDim), (head * past + b * this.blockSize) * headDim);
        }
      });
      return out;
    });
  }

  /** Takes in what a run left: [Hkv, total, D] each, of which the tokens after the row's past are new. */
  store({ past, tokenIds, blockTable }: BatchRow, presents: readonly Float32Array[]): void {
    if (!blockTable) return;
    const { numKvHeads, headDim } = this.geometry;
    const total = past + tokenIds.length;
    for (let position = past; position < total;) {
      const block = blockTable[Math.floor(position / this.blockSize)]!;
      const place = position % this.blockSize;
      const tokens = Math.min(this.blockSize - place, total - position);
      presents.forEach((present, part) => {
        for (let head = 0; head < numKvHeads; head++) {
          const from = (head * total + position) * headDim;
          this.#data.set(present.subarray(from, from + tokens * headDim), this.#at(block, part, head) + place * headDim);
        }
      });
      this.#versions[block]!++;
      position += tokens;
    }
    const blocks = blockTable.slice(0, Math.ceil(total / this.blockSize));
    this.#mirrors.unshift({ blocks, versions: blocks.map((block) => this.#versions[block]!), length: total, arrays: presents });
    this.#mirrors.length = Math.min(this.#mirrors.length, MIRRORS);
  }

  copyBlock(from: number, to: number): void {
    this.#data.copyWithin(to * this.#blockLength, from * this.#blockLength, (from + 1) * this.#blockLength);
    this.#versions[to]!++;
  }

  async readBlock(block: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#data.buffer).slice(block * this.blockBytes, (block + 1) * this.blockBytes);
  }

  writeBlock(block: number, bytes: Uint8Array): void {
    new Uint8Array(this.#data.buffer).set(bytes, block * this.blockBytes);
    this.#versions[block]!++;
  }

  #holds({ blocks, versions }: Mirror, wanted: readonly number[]): boolean {
    return blocks.length === wanted.length && wanted.every((block, i) => blocks[i] === block && versions[i] === this.#versions[block]);
  }

  #at(block: number, part: number, head: number): number {
    const { numKvHeads, headDim } = this.geometry;
    return block * this.#blockLength + (part * numKvHeads + head) * this.blockSize * headDim;
  }
}
