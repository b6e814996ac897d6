/** First in, first out: the block that entered the cache first goes first, used or not. */
import type { EvictionSource } from '../../engine/eviction.ts';

const fifo: EvictionSource = {
  name: 'fifo',
  rule: 'The block that entered the cache first.',
  score: (block) => block.cachedAt,
};

export default fifo;
