/** Makes the block manager's moves: copies inside the pool, swaps between it and the tiers. */
import { messageOf } from './errors.ts';
import type { KvPool } from './model-runner.ts';
import type { Sequence } from './sequence.ts';
import type { Slot, TierState } from './tiers.ts';

/** Bytes to move, in this order, before the next run. */
export type BlockMove =
  | { readonly kind: 'copy'; readonly from: number; readonly to: number }
  | { readonly kind: 'swap_out'; readonly sequence: Sequence; readonly block: number; readonly slot: Slot }
  | { readonly kind: 'swap_in'; readonly sequence: Sequence; readonly slot: Slot; readonly block: number };

/** A tier that refused a block; the sequence's keys and values are lost. */
export interface LostBlocks {
  readonly sequence: Sequence;
  readonly tier: TierState;
  readonly message: string;
}

/**
 * Makes the moves in order: a later one may overwrite what an earlier one reads.
 * Rejects when the pool fails; a tier that fails is closed, and costs only the sequences concerned.
 */
export async function moveBlocks(moves: readonly BlockMove[], pool: KvPool): Promise<LostBlocks[]> {
  const lost = new Map<Sequence, LostBlocks>();
  const lose = (sequence: Sequence, tier: TierState, thrown: unknown): void => {
    tier.error = messageOf(thrown);
    lost.set(sequence, { sequence, tier, message: tier.error });
  };
  for (const move of moves) {
    if (move.kind === 'copy') {
      await pool.copyBlock(move.from, move.to);
      continue;
    }
    const { sequence, slot, block } = move;
    if (lost.has(sequence)) continue;
    if (move.kind === 'swap_out') {
      const bytes = await pool.readBlock(block);
      await slot.tier.store.write(slot.index, bytes).catch((thrown: unknown) => lose(sequence, slot.tier, thrown));
    } else {
      const bytes = await slot.tier.store.read(slot.index).catch((thrown: unknown) => lose(sequence, slot.tier, thrown));
      if (bytes) await pool.writeBlock(block, bytes);
    }
  }
  return [...lost.values()];
}
