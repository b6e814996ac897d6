/** Least recently used: the block that was freed longest ago goes first, the tail of a sequence before its head. */
import type { EvictionSource } from '../../engine/eviction.ts';

const lru: EvictionSource = {
  name: 'lru',
  rule: 'The block freed longest ago.',
  score: (block) => block.freedAt,
};

export default lru;
