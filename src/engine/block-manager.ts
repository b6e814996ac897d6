/** Paged KV memory: block tables, prefix reuse, copy-on-write, strategies, admission, and swaps to lower tiers. It decides; the engine moves the bytes. */
import type { Admission, Shortage } from './admission.ts';
import { BlockChains } from './block-hash.ts';
import type { BlockMove } from './block-mover.ts';
import { BlockPool } from './block-pool.ts';
import type { MemoryStrategy } from './config.ts';
import { OutOfBlocksError, UnknownAllocationError } from './errors.ts';
import type { EvictionSource } from './eviction.ts';
import type { Sequence } from './sequence.ts';
import { Tiers } from './tiers.ts';

export interface BlockManagerOptions {
  numBlocks: number;
  blockSize: number;
  strategy: MemoryStrategy;
  eviction: EvictionSource;
  watermark: number;
  prefixCaching: boolean;
  weightsHash: string;
  codeRevision: string;
}

export class BlockManager {
  readonly blockSize: number;
  readonly pool: BlockPool;
  tiers = new Tiers();
  watermark: number;
  prefixCaching: boolean;
  copies = 0;
  swapsOut = 0;
  swapsIn = 0;
  prefixQueriedTokens = 0;
  prefixHitTokens = 0;

  strategy: MemoryStrategy;
  readonly #chains: BlockChains;
  readonly #holders = new Set<Sequence>();
  readonly #allocations = new Map<string, number[]>();
  #moves: BlockMove[] = [];

  constructor(options: BlockManagerOptions) {
    this.blockSize = options.blockSize;
    this.strategy = options.strategy;
    this.watermark = options.watermark;
    this.prefixCaching = options.prefixCaching;
    this.pool = new BlockPool(options.numBlocks, options.eviction);
    this.#chains = new BlockChains(options.blockSize, options.weightsHash, options.codeRevision);
  }

  get numBlocks(): number {
    return this.pool.numBlocks;
  }

  /** Blocks that admission leaves free while others run. */
  get watermarkBlocks(): number {
    return Math.floor(this.watermark * this.numBlocks);
  }

  get holders(): ReadonlySet<Sequence> {
    return this.#holders;
  }

  get allocations(): ReadonlyMap<string, readonly number[]> {
    return this.#allocations;
  }

  blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.blockSize);
  }

  /** The leading full blocks of a waiting sequence that the cache holds. At least one token is left to compute. */
  matchPrefix(sequence: Sequence): number[] {
    const blocks: number[] = [];
    if (!this.prefixCaching) return blocks;
    this.#chains.begin(sequence);
    const most = Math.floor((sequence.length - 1) / this.blockSize);
    for (let i = 0; i < most; i++) {
      const block = this.pool.find(
        this.#chains.hashAt(sequence, i),
        this.#chains.hashAt(sequence, i - 1),
        sequence.tokenIds,
        i * this.blockSize,
      );
      if (block === undefined) break;
      blocks.push(block);
    }
    return blocks;
  }

  /** Whether a waiting sequence could start now. `waiveWatermark`: nobody else runs who might grow. */
  admission(sequence: Sequence, waiveWatermark: boolean): Admission {
    const most = this.blocksFor(sequence.maxKvTokens);
    if (most > this.numBlocks) return { verdict: 'never', needed: most, available: this.numBlocks };
    const prefix = this.matchPrefix(sequence);
    // A cached block that is taken back from the cache is no longer available to others.
    const needed = this.#capacityAtStart(sequence) - prefix.filter((block) => this.pool.references(block) > 0).length;
    return this.#verdict(needed, waiveWatermark, prefix.length * this.blockSize);
  }

  /** Whether a swapped sequence could come back now. */
  swapInAdmission(sequence: Sequence, waiveWatermark: boolean): Admission {
    return this.#verdict(this.#capacityAtStart(sequence), waiveWatermark, 0);
  }

  /** Gives a waiting sequence its blocks, the cached prefix first. Call after `admission` said `ok`. */
  admit(sequence: Sequence): void {
    const prefix = this.matchPrefix(sequence);
    for (const block of prefix) {
      this.pool.share(block);
      this.pool.hit(block);
    }
    this.prefixQueriedTokens += sequence.length;
    this.prefixHitTokens += prefix.length * this.blockSize;
    sequence.blockTable = prefix;
    sequence.numComputed = prefix.length * this.blockSize;
    if (sequence.firstScheduledMs === null) sequence.cachedTokens = sequence.numComputed;
    this.#chains.begin(sequence);
    this.#holders.add(sequence);
    this.#reserve(sequence, this.#capacityAtStart(sequence) - prefix.length);
    this.#extendTable(sequence, sequence.length);
  }

  /** Makes room for the sequence's last token, in blocks nobody else holds; or tells what is missing and changes nothing. */
  grow(sequence: Sequence): Shortage | null {
    const needed = this.blocksFor(sequence.length);
    const shared: number[] = [];
    for (let i = Math.floor(sequence.numComputed / this.blockSize); i < sequence.blockTable.length; i++) {
      if (this.pool.references(sequence.blockTable[i]!) > 1) shared.push(i);
    }
    const held = sequence.blockTable.length + sequence.reserved.length;
    const missing = Math.max(0, needed - held);
    const available = this.pool.availableBlocks;
    if (missing + shared.length > available) return { needed: missing + shared.length, available };

    for (const i of shared) this.#copyOnWrite(sequence, i);
    if (missing > 0) this.#reserve(sequence, Math.min(this.#growth(sequence, held, missing), this.pool.availableBlocks));
    this.#extendTable(sequence, sequence.length);
    return null;
  }

  /** After a run: full blocks become findable by others. */
  commit(sequence: Sequence, numComputed: number): void {
    const before = Math.floor(sequence.numComputed / this.blockSize);
    sequence.numComputed = numComputed;
    if (!this.prefixCaching || !this.#chains.isCurrent(sequence)) return;
    for (let i = before; i < Math.floor(numComputed / this.blockSize); i++) {
      const tokenIds = sequence.tokenIds.slice(i * this.blockSize, (i + 1) * this.blockSize);
      this.pool.register(sequence.blockTable[i]!, this.#chains.hashAt(sequence, i), this.#chains.hashAt(sequence, i - 1), tokenIds, i);
    }
  }

  /** The child shares all blocks of its parent; false when the strategy's reserve does not fit. */
  fork(parent: Sequence, child: Sequence): boolean {
    const reserve = this.strategy === 'static' ? this.blocksFor(child.maxKvTokens) - parent.blockTable.length : 0;
    if (reserve > this.pool.availableBlocks) return false;
    for (const block of parent.blockTable) this.pool.share(block);
    child.blockTable = [...parent.blockTable];
    child.numComputed = parent.numComputed;
    this.#chains.inherit(parent, child);
    this.#holders.add(child);
    this.#reserve(child, reserve);
    return true;
  }

  /** Takes all blocks and slots from a sequence; how many blocks became nobody's. */
  release(sequence: Sequence): number {
    this.tiers.release(sequence.id);
    const freed = this.#releaseBlocks(sequence);
    sequence.numComputed = 0;
    return freed;
  }

  /** Moves a sequence's keys and values below the pool; null when the tiers have no room (nothing changed then). */
  swapOut(sequence: Sequence): number | null {
    const blocks = sequence.blockTable.slice(0, this.blocksFor(sequence.numComputed));
    const slots = this.tiers.take(sequence.id, blocks.length);
    if (!slots) return null;
    slots.forEach((slot, i) => this.#moves.push({ kind: 'swap_out', sequence, block: blocks[i]!, slot }));
    this.swapsOut += blocks.length;
    this.#releaseBlocks(sequence);
    return blocks.length;
  }

  swapIn(sequence: Sequence): void {
    this.#holders.add(sequence);
    this.#reserve(sequence, this.#capacityAtStart(sequence));
    this.#extendTable(sequence, sequence.length);
    this.tiers
      .slotsOf(sequence.id)
      .forEach((slot, i) => this.#moves.push({ kind: 'swap_in', sequence, slot, block: sequence.blockTable[i]! }));
    this.swapsIn += this.tiers.release(sequence.id);
  }

  /** Moves since the last call, to be made in this order before anything else touches the pool. */
  takeMoves(): BlockMove[] {
    const moves = this.#moves;
    this.#moves = [];
    return moves;
  }

  /** Holds blocks that belong to no sequence. Throws `OutOfBlocksError`. */
  allocate(id: string, tokens: number): readonly number[] {
    const needed = this.blocksFor(tokens);
    const available = this.pool.availableBlocks;
    const blocks = this.pool.allocate(needed);
    if (!blocks) throw new OutOfBlocksError(needed, available, this.numBlocks);
    this.#allocations.set(id, blocks);
    return blocks;
  }

  /** Throws `UnknownAllocationError`. */
  free(id: string): number {
    const blocks = this.#allocations.get(id);
    if (!blocks) throw new UnknownAllocationError(id);
    this.#allocations.delete(id);
    for (const block of blocks) this.pool.release(block);
    return blocks.length;
  }

  /** New weights or code: what was computed before is found only under the same weights and code, and by no sequence that spans both. */
  setRoot(weightsHash: string, codeRevision: string): void {
    this.#chains.startEpoch(weightsHash, codeRevision);
  }

  /** False when the strategy's reserves do not fit beside what is held (nothing changed then). */
  setStrategy(strategy: MemoryStrategy): boolean {
    const extra = new Map<Sequence, number>();
    if (strategy === 'static') {
      for (const sequence of this.#holders) {
        extra.set(sequence, Math.max(0, this.blocksFor(sequence.maxKvTokens) - sequence.blockTable.length - sequence.reserved.length));
      }
    }
    let sum = 0;
    for (const count of extra.values()) sum += count;
    if (sum > this.pool.availableBlocks) return false;
    this.strategy = strategy;
    for (const sequence of this.#holders) {
      if (strategy === 'paged') for (const block of sequence.reserved.splice(0)) this.pool.release(block);
      this.#reserve(sequence, extra.get(sequence) ?? 0);
    }
    return true;
  }

  /** False when the blocks in use do not fit. Moves blocks beyond the new end; see `takeMoves`. */
  resize(numBlocks: number): boolean {
    const moved = this.pool.resize(numBlocks);
    if (!moved) return false;
    for (const [from, to] of moved) this.#moves.push({ kind: 'copy', from, to });
    const place = (block: number): number => moved.get(block) ?? block;
    for (const sequence of this.#holders) {
      sequence.blockTable = sequence.blockTable.map(place);
      sequence.reserved = sequence.reserved.map(place);
    }
    for (const [id, blocks] of this.#allocations) this.#allocations.set(id, blocks.map(place));
    return true;
  }

  #verdict(needed: number, waiveWatermark: boolean, cachedTokens: number): Admission {
    const reserved = waiveWatermark ? 0 : this.watermarkBlocks;
    const available = this.pool.availableBlocks;
    return needed + reserved > available ? { verdict: 'later', needed, available, reserved } : { verdict: 'ok', needed, cachedTokens };
  }

  /** What the strategy gives a sequence that starts with the tokens it has. */
  #capacityAtStart(sequence: Sequence): number {
    return this.strategy === 'static' ? this.blocksFor(sequence.maxKvTokens) : this.blocksFor(sequence.length);
  }

  /** How many blocks the strategy adds to those held when `missing` are missing. */
  #growth(sequence: Sequence, held: number, missing: number): number {
    if (this.strategy !== 'dynamic') return missing;
    return Math.max(missing, Math.min(held, this.blocksFor(sequence.maxKvTokens) - held));
  }

  #reserve(sequence: Sequence, count: number): void {
    const blocks = this.pool.allocate(count);
    if (!blocks) throw new OutOfBlocksError(count, this.pool.availableBlocks, this.numBlocks);
    sequence.reserved.push(...blocks);
  }

  /** The table covers `tokens`; its new blocks come from the reserve. */
  #extendTable(sequence: Sequence, tokens: number): void {
    const count = this.blocksFor(tokens) - sequence.blockTable.length;
    if (count > 0) sequence.blockTable.push(...sequence.reserved.splice(0, count));
  }

  #copyOnWrite(sequence: Sequence, index: number): void {
    const from = sequence.blockTable[index]!;
    const [to] = this.pool.allocate(1)!;
    this.#moves.push({ kind: 'copy', from, to: to! });
    this.pool.release(from);
    sequence.blockTable[index] = to!;
    this.copies++;
  }

  /** The last block first, so that the tail of a prefix is evicted before its head. */
  #releaseBlocks(sequence: Sequence): number {
    let freed = 0;
    for (const block of [...sequence.blockTable, ...sequence.reserved].reverse()) if (this.pool.release(block)) freed++;
    sequence.blockTable = [];
    sequence.reserved = [];
    this.#holders.delete(sequence);
    return freed;
  }
}
