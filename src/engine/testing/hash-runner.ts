/** A runner for property tests: its keys and values are hashes of everything before them, so that one wrong block changes all that follows. */
import type { BatchRow, KvPool, ModelRunner, ModelShape, RunResult } from '../model-runner.ts';

export interface HashRunnerOptions {
  numBlocks: number;
  blockSize: number;
  vocabSize?: number;
  context?: number;
  /** Stands for the weights. */
  seed?: number;
}

/** Gets the rows of each run before they are computed; may throw, and so reject the run. */
export type RunObserver = (rows: readonly BatchRow[]) => void;

export class HashRunner implements ModelRunner {
  readonly shape: ModelShape;
  readonly pool: HashPool;
  seed: number;
  numRuns = 0;
  onRun: RunObserver = () => {};

  constructor({ numBlocks, blockSize, vocabSize = 16, context = 64, seed = 1 }: HashRunnerOptions) {
    this.shape = { vocabSize, maxPositionEmbeddings: context, numLayers: 1, numKvHeads: 1, headDim: 1 };
    this.pool = new HashPool(numBlocks, blockSize);
    this.seed = seed;
  }

  async run(rows: readonly BatchRow[]): Promise<RunResult> {
    this.numRuns++;
    await Promise.resolve();
    this.onRun(rows);
    const logits = rows.map(({ tokenIds, past, blockTable, logits: wanted }) => {
      let state = this.seed;
      for (let position = 0; position < past; position++) state = mix(state, this.pool.get(blockTable!, position));
      for (let i = 0; i < tokenIds.length; i++) {
        const entry = mix(state, tokenIds[i]!);
        this.pool.set(blockTable!, past + i, entry);
        state = mix(state, entry);
      }
      return wanted === 'none' ? new Float32Array(0) : hashLogits(state, this.shape.vocabSize);
    });
    return { logits, captures: rows.map(() => new Map()), runMs: 0 };
  }

  async dispose(): Promise<void> {}
}

export class HashPool implements KvPool {
  readonly blockBytes: number;
  readonly #data: Uint32Array;

  constructor(
    readonly numBlocks: number,
    readonly blockSize: number,
  ) {
    this.blockBytes = blockSize * 4;
    this.#data = new Uint32Array(numBlocks * blockSize);
  }

  copyBlock(from: number, to: number): void {
    this.#data.copyWithin(to * this.blockSize, from * this.blockSize, (from + 1) * this.blockSize);
  }

  async readBlock(block: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#data.slice(block * this.blockSize, (block + 1) * this.blockSize).buffer);
  }

  writeBlock(block: number, bytes: Uint8Array): void {
    this.#data.set(new Uint32Array(bytes.slice().buffer), block * this.blockSize);
  }

  /** Overwrites everything, as a lost device does. */
  lose(): void {
    this.#data.fill(0xdeadbeef);
  }

  get(blockTable: readonly number[], position: number): number {
    return this.#data[this.#place(blockTable, position)]!;
  }

  set(blockTable: readonly number[], position: number, value: number): void {
    this.#data[this.#place(blockTable, position)] = value;
  }

  #place(blockTable: readonly number[], position: number): number {
    const block = blockTable[Math.floor(position / this.blockSize)];
    if (block === undefined || block >= this.numBlocks)
      throw new RangeError(`Position ${position} has no block in [${blockTable.join(', ')}].`);
    return block * this.blockSize + (position % this.blockSize);
  }
}

/** The logits after these tokens, computed alone, without any cache. */
export function logitsAfter(seed: number, tokenIds: readonly number[], vocabSize: number): Float32Array {
  let state = seed;
  for (const tokenId of tokenIds) state = mix(state, mix(state, tokenId));
  return hashLogits(state, vocabSize);
}

/** What a greedy run of one request gives when nothing else runs and nothing is cached. */
export function expectedTokens(
  seed: number,
  promptTokenIds: readonly number[],
  maxLength: number,
  vocabSize: number,
  eosTokenIds: readonly number[] = [],
): number[] {
  const completion: number[] = [];
  while (promptTokenIds.length + completion.length < maxLength) {
    const logits = logitsAfter(seed, [...promptTokenIds, ...completion], vocabSize);
    const tokenId = logits.indexOf(Math.max(...logits));
    completion.push(tokenId);
    if (eosTokenIds.includes(tokenId)) break;
  }
  return completion;
}

function hashLogits(state: number, vocabSize: number): Float32Array {
  return Float32Array.from({ length: vocabSize }, (_, id) => mix(state, id + 0x5bd1) / 2 ** 30);
}

function mix(a: number, b: number): number {
  let z = Math.imul(a ^ Math.imul(b + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35);
  z = Math.imul(z ^ (z >>> 15), 0x27d4eb2f);
  return (z ^ (z >>> 13)) >>> 0;
}
