/** The tiers of the memory with their blocks and bytes: the pool first, then what lies below it. */
import type { Output } from '../../contract/index.ts';
import type { MemoryStats } from '../../engine/index.ts';

type Tier = Output<'memory', 'stats'>['tiers'][number];
export type Medium = Tier['medium'];
export type Media = Record<Tier['name'], Medium>;

export function tiersOf({ numBlocks, freeBlocks, cachedBlocks, referencedBlocks, blockBytes, tiers }: MemoryStats, media: Media): Tier[] {
  const tier = (
    name: Tier['name'],
    blocks: { capacity: number; used: number; cached: number; free: number },
    error: string | null,
  ): Tier => ({
    name,
    medium: media[name],
    capacity_blocks: blocks.capacity,
    used_blocks: blocks.used,
    cached_blocks: blocks.cached,
    free_blocks: blocks.free,
    capacity_bytes: blocks.capacity * blockBytes,
    used_bytes: blocks.used * blockBytes,
    cached_bytes: blocks.cached * blockBytes,
    free_bytes: blocks.free * blockBytes,
    error,
  });
  const pool = tier('gpu', { capacity: numBlocks, used: referencedBlocks, cached: cachedBlocks, free: freeBlocks }, null);
  return [
    pool,
    ...tiers.map(({ name, capacityBlocks, usedBlocks, error }) =>
      tier(name as Tier['name'], { capacity: capacityBlocks, used: usedBlocks, cached: 0, free: capacityBlocks - usedBlocks }, error),
    ),
  ];
}
