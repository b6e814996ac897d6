/** Who holds which block of the pool: reference counts, the free list, and blocks kept for their contents until they are evicted. */
import { valueText } from '../environment/thrown.ts';
import type { BlockHash } from './block-hash.ts';
import { PatchedCodeError, messageOf } from './errors.ts';
import type { CachedBlock, EvictionSource } from './eviction.ts';

/** What a full block holds, for as long as a prefix can find it. */
interface Contents extends CachedBlock {
  readonly hash: BlockHash;
  readonly parent: BlockHash;
  readonly tokenIds: readonly number[];
  block: number;
  hits: number;
  freedAt: number;
}

/** Every block is free, cached (nobody's, contents kept) or referenced. */
export class BlockPool {
  eviction: EvictionSource;
  evictions = 0;
  /** Told when the eviction rule throws or gives no number; the oldest freed block goes then. */
  onPatchedCodeFailed: (error: PatchedCodeError) => void = () => {};

  #references: Uint16Array;
  /** A stack; the lowest block is on top. */
  #free: number[];
  readonly #cached = new Set<number>();
  #contents: (Contents | undefined)[];
  readonly #byHash = new Map<BlockHash, number>();
  #tick = 0;

  constructor(numBlocks: number, eviction: EvictionSource) {
    this.eviction = eviction;
    this.#references = new Uint16Array(numBlocks);
    this.#contents = new Array<Contents | undefined>(numBlocks);
    this.#free = Array.from({ length: numBlocks }, (_, i) => numBlocks - 1 - i);
  }

  get numBlocks(): number {
    return this.#references.length;
  }

  get freeBlocks(): number {
    return this.#free.length;
  }

  get cachedBlocks(): number {
    return this.#cached.size;
  }

  /** Blocks that could be handed out now. */
  get availableBlocks(): number {
    return this.#free.length + this.#cached.size;
  }

  references(block: number): number {
    return this.#references[block]!;
  }

  /** Hands out blocks with one reference each, evicting cached ones when the free ones run out; `null` when there are not enough. */
  allocate(count: number): number[] | null {
    if (count > this.availableBlocks) return null;
    if (count > this.#free.length) this.#evict(count - this.#free.length);
    const blocks: number[] = [];
    for (let i = 0; i < count; i++) {
      const block = this.#free.pop()!;
      this.#references[block] = 1;
      blocks.push(block);
    }
    return blocks;
  }

  /** One more holder. */
  share(block: number): void {
    if (this.#references[block] === 0 && !this.#cached.delete(block)) throw new Error(`Block ${block} is free and cannot be shared.`);
    this.#references[block]!++;
  }

  /** One holder less; true when it was the last. */
  release(block: number): boolean {
    if (!this.#references[block]) throw new Error(`Block ${block} is freed twice.`);
    if (--this.#references[block]! > 0) return false;
    const contents = this.#contents[block];
    if (contents) {
      contents.freedAt = ++this.#tick;
      this.#cached.add(block);
    } else {
      this.#free.push(block);
    }
    return true;
  }

  /** Keeps a referenced block's contents findable, unless another block has the same. */
  register(block: number, hash: BlockHash, parent: BlockHash, tokenIds: readonly number[], depth: number): void {
    if (this.#contents[block] || this.#byHash.has(hash)) return;
    this.#contents[block] = { block, hash, parent, tokenIds, depth, cachedAt: ++this.#tick, hits: 0, freedAt: 0 };
    this.#byHash.set(hash, block);
  }

  /** The block that holds `tokenIds[start …]` after `parent`. Equal tokens and parent are checked: a hash alone is no proof. */
  find(hash: BlockHash, parent: BlockHash, tokenIds: ArrayLike<number>, start: number): number | undefined {
    const block = this.#byHash.get(hash);
    const contents = block === undefined ? undefined : this.#contents[block];
    if (!contents || contents.parent !== parent) return undefined;
    return contents.tokenIds.every((tokenId, i) => tokenId === tokenIds[start + i]) ? block : undefined;
  }

  /** Counts a prefix hit, for the eviction rule. */
  hit(block: number): void {
    const contents = this.#contents[block];
    if (contents) contents.hits++;
  }

  isHashed(block: number): boolean {
    return this.#contents[block] !== undefined;
  }

  /** Forgets all contents: cached blocks become free, referenced ones stay with their holders. */
  dropContents(): void {
    for (const block of this.#cached) this.#free.push(block);
    this.#cached.clear();
    this.#byHash.clear();
    this.#contents.fill(undefined);
  }

  /**
   * Changes the number of blocks. Referenced blocks beyond the new end move below it.
   * @returns where they moved, or `null` when there is no room for them (nothing changed then)
   */
  resize(numBlocks: number): Map<number, number> | null {
    const beyond: number[] = [];
    for (let block = numBlocks; block < this.numBlocks; block++) if (this.#references[block]! > 0) beyond.push(block);
    const referencedBelow = this.numBlocks - this.availableBlocks - beyond.length;
    if (referencedBelow + beyond.length > numBlocks) return null;

    for (const block of this.#cached) if (block >= numBlocks) this.#forget(block);
    this.#free = this.#free.filter((block) => block < numBlocks);
    while (this.#free.length < beyond.length) this.#evict(1);
    const moved = new Map<number, number>();
    for (const from of beyond) {
      const to = this.#free.pop()!;
      this.#references[to] = this.#references[from]!;
      const contents = this.#contents[from];
      this.#contents[to] = contents;
      if (contents) {
        contents.block = to;
        this.#byHash.set(contents.hash, to);
      }
      moved.set(from, to);
    }

    const before = this.numBlocks;
    const references = new Uint16Array(numBlocks);
    references.set(this.#references.subarray(0, numBlocks));
    this.#references = references;
    this.#contents.length = numBlocks;
    this.#free.unshift(...Array.from({ length: Math.max(0, numBlocks - before) }, (_, i) => numBlocks - 1 - i));
    return moved;
  }

  snapshot(): { references: Uint16Array; hashed: Uint8Array } {
    const hashed = new Uint8Array(this.numBlocks);
    for (let block = 0; block < hashed.length; block++) if (this.#contents[block]) hashed[block] = 1;
    return { references: this.#references.slice(), hashed };
  }

  /** Free blocks and cached blocks, for checks. */
  lists(): { free: readonly number[]; cached: readonly number[] } {
    return { free: [...this.#free], cached: [...this.#cached] };
  }

  /** Each cached block is scored once, then the lowest go. */
  #evict(count: number): void {
    const candidates = Array.from(this.#cached, (block) => this.#contents[block]!);
    const scores = Float64Array.from(candidates, (candidate) => this.#score(candidate));
    const goesBefore = (a: number, b: number): boolean =>
      scores[a]! < scores[b]! || (scores[a] === scores[b] && candidates[a]!.freedAt < candidates[b]!.freedAt);
    for (let evicted = 0; evicted < count; evicted++) {
      let first = evicted;
      for (let i = evicted + 1; i < candidates.length; i++) if (goesBefore(i, first)) first = i;
      const { block } = candidates[first]!;
      this.#forget(block);
      this.#free.push(block);
      this.evictions++;
      // The chosen leave at the front.
      [candidates[first], scores[first]] = [candidates[evicted]!, scores[evicted]!];
    }
  }

  #score(contents: CachedBlock): number {
    try {
      const score = this.eviction.score(contents);
      if (typeof score === 'number' && !Number.isNaN(score)) return score;
      this.onPatchedCodeFailed(
        new PatchedCodeError('memory.eviction', `Eviction rule ${this.eviction.name} gave ${valueText(score)} as a score.`),
      );
    } catch (thrown) {
      this.onPatchedCodeFailed(
        new PatchedCodeError('memory.eviction', `Eviction rule ${this.eviction.name} threw: ${messageOf(thrown)}`, { cause: thrown }),
      );
    }
    return 0;
  }

  /** Takes a cached block out of the cache; the caller puts it where it goes. */
  #forget(block: number): void {
    this.#cached.delete(block);
    this.#byHash.delete(this.#contents[block]!.hash);
    this.#contents[block] = undefined;
  }
}
