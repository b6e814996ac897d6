/** The KV pool on WASM: typed arrays, with what the current batch needs laid out as the graph takes it. */
import type { Tensor } from 'onnxruntime-web';
import type { KvForm } from '../../engine/graph/index.ts';
import type { BatchRow } from '../../engine/model-runner.ts';
import { ContiguousPast } from './contiguous-past.ts';
import { type KvGeometry, type KvStore, newRuns, tokenWidth } from './kv-store.ts';
import type { OrtModule } from './ort.ts';

export class WasmKvStore implements KvStore {
  readonly form: KvForm = { kind: 'contiguous' };
  readonly numBlocks: number;
  readonly blockSize: number;
  readonly blockBytes: number;
  /** [numBlocks, blockSize, L, 2, Hkv, D] */
  readonly #data: Float32Array<ArrayBuffer>;
  /** Counts the writes to each block, so that copies of it know when they are stale. */
  readonly #versions: Uint32Array;
  readonly #width: number;
  /** Decode keeps its layout from step to step; whatever else runs in between has another. */
  readonly #decode: ContiguousPast;
  readonly #prefill: ContiguousPast;

  constructor(ort: OrtModule, geometry: KvGeometry) {
    this.numBlocks = geometry.numBlocks;
    this.blockSize = geometry.blockSize;
    this.#width = tokenWidth(geometry);
    this.blockBytes = this.blockSize * this.#width * 4;
    this.#data = new Float32Array(this.numBlocks * this.blockSize * this.#width);
    this.#versions = new Uint32Array(this.numBlocks);
    const source = { data: this.#data, versions: this.#versions, geometry };
    this.#decode = new ContiguousPast(ort, source, 1);
    this.#prefill = new ContiguousPast(ort, source, 0);
  }

  feeds(rows: readonly BatchRow[]): Record<string, Tensor> {
    return this.#past(rows).feeds(rows);
  }

  store(rows: readonly BatchRow[], newKv: Tensor, numTokens: number): void {
    const fresh = newKv.data as Float32Array;
    rows.forEach((row, i) => {
      for (const { token, block, slot, length } of newRuns(row, this.blockSize)) {
        const from = (i * numTokens + token) * this.#width;
        this.#data.set(fresh.subarray(from, from + length * this.#width), slot * this.#width);
        this.#versions[block]!++;
      }
    });
    this.#past(rows).append(rows, fresh, numTokens);
  }

  copyBlock(from: number, to: number): void {
    const size = this.blockSize * this.#width;
    this.#data.copyWithin(to * size, from * size, (from + 1) * size);
    this.#versions[to]!++;
  }

  async readBlock(block: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#data.buffer).slice(block * this.blockBytes, (block + 1) * this.blockBytes);
  }

  writeBlock(block: number, bytes: Uint8Array): void {
    new Uint8Array(this.#data.buffer).set(bytes, block * this.blockBytes);
    this.#versions[block]!++;
  }

  dispose(): void {}

  #past(rows: readonly BatchRow[]): ContiguousPast {
    return rows.every(({ tokenIds, blockTable }) => tokenIds.length === 1 && blockTable) ? this.#decode : this.#prefill;
  }
}
