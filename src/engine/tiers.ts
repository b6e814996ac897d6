/** The tiers below the pool: which slot of which store holds a swapped block. */

/** Where a lower tier keeps blocks: memory, the origin private file system. One writer; slots lie in 0 … capacity − 1. */
export interface BlockStore {
  readonly name: string;
  write(slot: number, bytes: Uint8Array): Promise<void>;
  read(slot: number): Promise<Uint8Array>;
}

export interface Tier {
  readonly name: string;
  readonly store: BlockStore;
  readonly capacityBlocks: number;
}

/** A block's place below the pool. */
export interface Slot {
  readonly tier: TierState;
  readonly index: number;
}

export interface TierStats {
  name: string;
  capacityBlocks: number;
  usedBlocks: number;
  /** Why the tier is closed; `null` while it works. */
  error: string | null;
}

export class TierState {
  readonly name: string;
  readonly store: BlockStore;
  readonly capacityBlocks: number;
  error: string | null = null;
  /** Slots in use. */
  #used = 0;
  #freed: number[] = [];
  /** Slots never used so far start here. */
  #fresh = 0;

  constructor(tier: Tier) {
    this.name = tier.name;
    this.store = tier.store;
    this.capacityBlocks = tier.capacityBlocks;
  }

  get freeBlocks(): number {
    return this.error === null ? this.capacityBlocks - this.#used : 0;
  }

  get usedBlocks(): number {
    return this.#used;
  }

  take(): Slot {
    if (this.freeBlocks <= 0) throw new Error(`Tier ${this.name} is full.`);
    this.#used++;
    return { tier: this, index: this.#freed.pop() ?? this.#fresh++ };
  }

  give(slot: Slot): void {
    this.#used--;
    this.#freed.push(slot.index);
  }
}

/** The tiers in order, the fastest first. */
export class Tiers {
  #tiers: TierState[];
  /** Slots by sequence id, in the order of its block table. */
  readonly #slots = new Map<string, Slot[]>();

  constructor(tiers: readonly Tier[] = []) {
    this.#tiers = tiers.map((tier) => new TierState(tier));
  }

  get freeBlocks(): number {
    return this.#tiers.reduce((sum, tier) => sum + tier.freeBlocks, 0);
  }

  get capacityBlocks(): number {
    return this.#tiers.reduce((sum, tier) => sum + tier.capacityBlocks, 0);
  }

  /** Slots for a sequence's blocks, the fastest tier first; `null` when they don't all fit. */
  take(sequenceId: string, count: number): readonly Slot[] | null {
    if (count > this.freeBlocks) return null;
    const slots = Array.from({ length: count }, () => this.#tiers.find((tier) => tier.freeBlocks > 0)!.take());
    this.#slots.set(sequenceId, slots);
    return slots;
  }

  slotsOf(sequenceId: string): readonly Slot[] {
    return this.#slots.get(sequenceId) ?? [];
  }

  /** Gives a sequence's slots back; how many there were. */
  release(sequenceId: string): number {
    const slots = this.slotsOf(sequenceId);
    for (const slot of slots) slot.tier.give(slot);
    this.#slots.delete(sequenceId);
    return slots.length;
  }

  stats(): TierStats[] {
    return this.#tiers.map(({ name, capacityBlocks, usedBlocks, error }) => ({ name, capacityBlocks, usedBlocks, error }));
  }
}

/** Blocks in ordinary memory: the CPU tier. */
export class MemoryBlockStore implements BlockStore {
  readonly name: string;
  readonly #blocks = new Map<number, Uint8Array>();

  constructor(name = 'cpu') {
    this.name = name;
  }

  async write(slot: number, bytes: Uint8Array): Promise<void> {
    this.#blocks.set(slot, bytes.slice());
  }

  async read(slot: number): Promise<Uint8Array> {
    const bytes = this.#blocks.get(slot);
    if (!bytes) throw new Error(`Tier ${this.name} holds nothing in slot ${slot}.`);
    return bytes;
  }
}
