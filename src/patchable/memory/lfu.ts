/** Least frequently used: the block with the fewest prefix hits goes first. */
import type { EvictionSource } from '../../engine/eviction.ts';

const lfu: EvictionSource = {
  name: 'lfu',
  rule: 'The block with the fewest prefix hits.',
  score: (block) => block.hits,
};

export default lfu;
