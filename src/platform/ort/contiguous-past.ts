/** The past of a batch as the graph takes it on WASM, [B, Hkv, P, D] per layer, kept from step to step so that a decode step only appends. */
import type { Tensor } from 'onnxruntime-web';
import type { BatchRow } from '../../engine/model-runner.ts';
import { type KvGeometry, tokenWidth } from './kv-store.ts';
import type { OrtModule } from './ort.ts';

/** The pool that rows are gathered from. */
export interface BlockSource {
  /** [numBlocks, blockSize, L, 2, Hkv, D] */
  data: Float32Array;
  /** Writes to each block so far. */
  versions: Uint32Array;
  geometry: KvGeometry;
}

/** What one row of the layout holds. */
interface LaidOutRow {
  /** Tokens laid out. */
  length: number;
  blocks: number[];
  /** The version of each block when it was laid out. */
  versions: number[];
}

export class ContiguousPast {
  #rows: LaidOutRow[] = [];
  /** Places per row that the graph sees, P; a whole number of blocks. */
  #places = 0;
  /** Places per row that the arrays have memory for. */
  #capacity = 0;
  /** Layer by layer keys, then values. [B, Hkv, P, D] each, at the front of its memory */
  #arrays: Float32Array[] = [];
  #feeds: Record<string, Tensor> = {};

  /** @param room places to keep free for the tokens of the next step */
  constructor(
    private readonly ort: OrtModule,
    private readonly source: BlockSource,
    private readonly room: 0 | 1,
  ) {}

  feeds(rows: readonly BatchRow[]): Record<string, Tensor> {
    const { blockSize } = this.source.geometry;
    const longest = rows.reduce((most, { past }) => Math.max(most, past), 0);
    const places = Math.ceil((longest + this.room) / blockSize) * blockSize;
    const held = rows.length === this.#rows.length && rows.every((row, i) => this.#holds(this.#rows[i]!, row));
    if (!held || places < this.#places || places > this.#capacity) this.#layOut(rows, places);
    else if (places > this.#places) this.#spread(places);
    return this.#feeds;
  }

  /** @param fresh the new tokens' keys and values, already in the pool. [B * T, L * 2 * Hkv * D] */
  append(rows: readonly BatchRow[], fresh: Float32Array, numTokens: number): void {
    const { blockSize } = this.source.geometry;
    rows.forEach((row, i) => {
      const laidOut = this.#rows[i]!;
      const end = row.past + row.tokenIds.length;
      if (!row.blockTable || end > this.#places) return; // the next step lays the row out anew
      for (let token = 0; token < row.tokenIds.length; token++) this.#place(i, row.past + token, fresh, i * numTokens + token);
      laidOut.length = end;
      for (let b = Math.floor(row.past / blockSize); b * blockSize < end; b++) {
        const block = row.blockTable[b]!;
        laidOut.blocks[b] = block;
        laidOut.versions[b] = this.source.versions[block]!;
      }
    });
  }

  #holds({ length, blocks, versions }: LaidOutRow, { past, blockTable }: BatchRow): boolean {
    if (past === 0) return length === 0;
    if (!blockTable || length < past) return false;
    const numBlocks = Math.ceil(past / this.source.geometry.blockSize);
    for (let i = 0; i < numBlocks; i++) {
      const block = blockTable[i]!;
      if (blocks[i] !== block || versions[i] !== this.source.versions[block]) return false;
    }
    return true;
  }

  #layOut(rows: readonly BatchRow[], places: number): void {
    const { numLayers, numKvHeads, headDim, blockSize } = this.source.geometry;
    const before = { rows: this.#rows, arrays: this.#arrays, places: this.#places };
    this.#places = places;
    this.#capacity = this.room ? Math.ceil((places * 1.25) / blockSize) * blockSize : places;
    this.#arrays = Array.from({ length: 2 * numLayers }, () => new Float32Array(rows.length * numKvHeads * this.#capacity * headDim));
    this.#rows = rows.map((row, i): LaidOutRow => {
      const at = before.rows[i] && this.#holds(before.rows[i], row) ? i : before.rows.findIndex((laidOut) => this.#holds(laidOut, row));
      if (row.past > 0 && at >= 0) this.#take(i, row.past, before.arrays, at, before.places);
      else this.#gather(i, row);
      const blocks = (row.blockTable ?? []).slice(0, Math.ceil(row.past / blockSize));
      return { length: row.past, blocks, versions: blocks.map((block) => this.source.versions[block]!) };
    });
    this.#makeFeeds();
  }

  /** More places for every row, within the memory there is: heads move back, the last first. */
  #spread(places: number): void {
    const { numKvHeads, headDim } = this.source.geometry;
    const [from, to] = [this.#places * headDim, places * headDim];
    for (const array of this.#arrays) {
      for (let head = this.#rows.length * numKvHeads - 1; head >= 0; head--) {
        array.copyWithin(head * to, head * from, (head + 1) * from);
        array.fill(0, head * to + from, (head + 1) * to);
      }
    }
    this.#places = places;
    this.#makeFeeds();
  }

  #makeFeeds(): void {
    const { numLayers, numKvHeads, headDim } = this.source.geometry;
    const shape = [this.#rows.length, numKvHeads, this.#places, headDim];
    const size = shape.reduce((product, dim) => product * dim, 1);
    this.#feeds = {};
    for (let layer = 0; layer < numLayers; layer++) {
      this.#feeds[`past_key.${layer}`] = new this.ort.Tensor('float32', this.#arrays[2 * layer]!.subarray(0, size), shape);
      this.#feeds[`past_value.${layer}`] = new this.ort.Tensor('float32', this.#arrays[2 * layer + 1]!.subarray(0, size), shape);
    }
  }

  /** Takes a row over from the layout before. */
  #take(row: number, length: number, arrays: readonly Float32Array[], fromRow: number, fromPlaces: number): void {
    const { numKvHeads, headDim } = this.source.geometry;
    this.#arrays.forEach((target, a) => {
      for (let head = 0; head < numKvHeads; head++) {
        const from = (fromRow * numKvHeads + head) * fromPlaces * headDim;
        target.set(arrays[a]!.subarray(from, from + length * headDim), (row * numKvHeads + head) * this.#places * headDim);
      }
    });
  }

  /** Gathers a row from the pool. */
  #gather(row: number, { past, blockTable }: BatchRow): void {
    if (!blockTable) return;
    const { blockSize } = this.source.geometry;
    for (let position = 0; position < past; position++) {
      this.#place(row, position, this.source.data, blockTable[Math.floor(position / blockSize)]! * blockSize + (position % blockSize));
    }
  }

  /** Copies one token: from row `token` of `from`, [tokens, L, 2, Hkv, D], to its place in every layer's array. */
  #place(row: number, position: number, from: Float32Array, token: number): void {
    const { numKvHeads, headDim } = this.source.geometry;
    const places = this.#places;
    let source = token * tokenWidth(this.source.geometry);
    for (const target of this.#arrays) {
      for (let head = 0; head < numKvHeads; head++) {
        let at = ((row * numKvHeads + head) * places + position) * headDim;
        for (let i = 0; i < headDim; i++) target[at++] = from[source++]!;
      }
    }
  }
}
