/** The answer of `GET /memory/blocks` as cells to draw: for each block of each tier what it is and who holds it. */
import { type Output, tensorData } from '../../contract/index.ts';

export type Blocks = Output<'memory', 'blocks'>;
export type TierName = Blocks['tiers'][number]['name'];

export const KINDS = ['free', 'cached', 'used', 'reserved', 'allocated', 'swapped'] as const;
export type Kind = (typeof KINDS)[number];
const CODE = Object.fromEntries(KINDS.map((kind, code) => [kind, code])) as Record<Kind, number>;

export interface Holder {
  kind: 'sequence' | 'allocation' | 'swapped';
  id: string;
  requestId: string | null;
  /** Which sequence of its request, in the order of the answer. */
  sibling: number;
  /** With keys and values; `null` where the answer does not tell. */
  tokens: number | null;
  blockIds: readonly number[];
  reservedIds: readonly number[];
  /** Of a swapped sequence. */
  slots: readonly { tier: TierName; slot: number }[];
}

export interface TierMap {
  name: TierName;
  medium: Blocks['tiers'][number]['medium'];
  capacity: number;
  error: string | null;
  /** Index into `KINDS`, by block. */
  kinds: Uint8Array;
  /** Index into the holders, by block: the first that holds it; −1: nobody. */
  owners: Int32Array;
  /** Block tables and allocations that hold the block. */
  references: Int32Array;
}

export interface BlockMap {
  tiers: TierMap[];
  holders: Holder[];
}

export function blockMapOf(blocks: Blocks): BlockMap {
  const holders = holdersOf(blocks);
  const tiers = blocks.tiers.map(({ name, medium, capacity_blocks: capacity, error }): TierMap => ({
    ...{ name, medium, capacity, error },
    kinds: new Uint8Array(capacity),
    owners: new Int32Array(capacity).fill(-1),
    references: new Int32Array(capacity),
  }));
  const pool = tiers[0];
  if (pool) fillPool(pool, blocks, holders);
  holders.forEach(({ slots }, owner) => {
    for (const { tier: name, slot } of slots) {
      const tier = tiers.find((each) => each.name === name);
      if (!tier || slot >= tier.capacity) continue;
      tier.kinds[slot] = CODE.swapped;
      tier.owners[slot] = owner;
      tier.references[slot] = 1;
    }
  });
  return { tiers, holders };
}

function holdersOf({ sequences, allocations, swapped }: Blocks): Holder[] {
  const siblings = new Map<string, number>();
  const sibling = (requestId: string) => {
    const index = siblings.get(requestId) ?? 0;
    siblings.set(requestId, index + 1);
    return index;
  };
  return [
    ...sequences.map(({ sequence_id, request_id, tokens, block_ids, reserved_block_ids }): Holder => ({
      ...{ kind: 'sequence', id: sequence_id, requestId: request_id, sibling: sibling(request_id), tokens },
      ...{ blockIds: block_ids, reservedIds: reserved_block_ids, slots: [] },
    })),
    ...allocations.map(({ id, block_ids }): Holder => ({
      ...{ kind: 'allocation', id, requestId: null, sibling: 0, tokens: null, blockIds: block_ids, reservedIds: [], slots: [] },
    })),
    ...swapped.map(({ sequence_id, request_id, slots }): Holder => ({
      ...{ kind: 'swapped', id: sequence_id, requestId: request_id, sibling: sibling(request_id), tokens: null },
      ...{ blockIds: [], reservedIds: [], slots },
    })),
  ];
}

function fillPool(pool: TierMap, blocks: Blocks, holders: readonly Holder[]): void {
  const hashed = tensorData(blocks.hashed);
  tensorData(blocks.references).forEach((count, block) => {
    if (block >= pool.capacity) return;
    pool.references[block] = Number(count);
    if (Number(count) > 0) pool.kinds[block] = CODE.used;
    else if (Number(hashed[block]) === 1) pool.kinds[block] = CODE.cached;
  });
  holders.forEach(({ kind, blockIds, reservedIds }, owner) => {
    const claim = (block: number, code: number) => {
      if (block >= pool.capacity || pool.owners[block]! >= 0) return;
      pool.owners[block] = owner;
      pool.kinds[block] = code;
    };
    for (const block of blockIds) claim(block, kind === 'allocation' ? CODE.allocated : CODE.used);
    for (const block of reservedIds) claim(block, CODE.reserved);
  });
}

export const kindAt = (tier: TierMap, block: number): Kind => KINDS[tier.kinds[block] ?? 0]!;

export interface Held {
  holder: Holder;
  /** Place of the block in its table. */
  place: number;
  of: number;
  reserved: boolean;
  /** Token places of this block that it uses; `null` where the answer does not tell. */
  tokens: number | null;
}

/** Everyone who holds a block, for the card; walks the tables, so only for one block at a time. */
export function heldBy({ holders }: BlockMap, tier: TierMap, block: number, blockSize: number): Held[] {
  return holders.flatMap((holder): Held[] => {
    if (tier.name !== 'gpu') {
      const place = holder.slots.findIndex(({ tier: name, slot }) => name === tier.name && slot === block);
      return place < 0 ? [] : [{ holder, place, of: holder.slots.length, reserved: false, tokens: null }];
    }
    const of = holder.blockIds.length + holder.reservedIds.length;
    const place = holder.blockIds.indexOf(block);
    if (place >= 0) {
      const tokens = holder.tokens === null ? null : Math.min(blockSize, Math.max(0, holder.tokens - place * blockSize));
      return [{ holder, place, of, reserved: false, tokens }];
    }
    const reserved = holder.reservedIds.indexOf(block);
    return reserved < 0 ? [] : [{ holder, place: holder.blockIds.length + reserved, of, reserved: true, tokens: 0 }];
  });
}

/** How many blocks of a tier are of each kind, and how many are shared. */
export function countKinds(tier: TierMap): Record<Kind | 'shared', number> {
  const counts = { free: 0, cached: 0, used: 0, reserved: 0, allocated: 0, swapped: 0, shared: 0 };
  tier.kinds.forEach((code, block) => {
    counts[KINDS[code]!]++;
    if (tier.references[block]! > 1) counts.shared++;
  });
  return counts;
}
