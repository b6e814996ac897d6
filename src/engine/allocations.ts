/** Blocks that callers hold by hand, from the same pool that serves requests. */
import type { BlockManager } from './block-manager.ts';
import { DuplicateAllocationError, UnknownAllocationError } from './errors.ts';
import type { KvPool } from './model-runner.ts';

export interface Allocation {
  id: string;
  tokens: number;
  blocks: readonly number[];
  bytes: number;
  createdMs: number;
}

export class Allocations {
  readonly #held = new Map<string, { tokens: number; createdMs: number }>();
  #count = 0;

  /** Tokens that the allocations were made for. */
  get tokens(): number {
    let sum = 0;
    for (const { tokens } of this.#held.values()) sum += tokens;
    return sum;
  }

  /** Throws `OutOfBlocksError`, `DuplicateAllocationError`. */
  add(blocks: BlockManager, pool: KvPool, tokens: number, createdMs: number, id = this.#freeId()): Allocation {
    if (this.#held.has(id)) throw new DuplicateAllocationError(id);
    blocks.allocate(id, tokens);
    this.#count++;
    this.#held.set(id, { tokens, createdMs });
    return this.#describe(id, blocks, pool);
  }

  /** How many blocks it freed. Throws `UnknownAllocationError`. */
  free(blocks: BlockManager, id: string): number {
    if (!this.#held.delete(id)) throw new UnknownAllocationError(id);
    return blocks.free(id);
  }

  list(blocks: BlockManager, pool: KvPool): Allocation[] {
    return Array.from(this.#held.keys(), (id) => this.#describe(id, blocks, pool));
  }

  /** Takes the same tokens again in a new pool; what does not fit is dropped. */
  renew(blocks: BlockManager): void {
    for (const [id, { tokens }] of this.#held) {
      if (blocks.blocksFor(tokens) <= blocks.pool.availableBlocks) blocks.allocate(id, tokens);
      else this.#held.delete(id);
    }
  }

  /** An id that no caller has chosen. */
  #freeId(): string {
    for (let i = this.#count; ; i++) if (!this.#held.has(`alloc_${i}`)) return `alloc_${i}`;
  }

  #describe(id: string, blocks: BlockManager, pool: KvPool): Allocation {
    const held = blocks.allocations.get(id) ?? [];
    return { id, ...this.#held.get(id)!, blocks: [...held], bytes: held.length * pool.blockBytes };
  }
}
