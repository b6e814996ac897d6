/** The eviction rules that come with the workbench, by name. */
import type { EvictionSource } from '../../engine/eviction.ts';
import fifo from './fifo.ts';
import lfu from './lfu.ts';
import lru from './lru.ts';

export const EVICTION_RULES: readonly EvictionSource[] = [lru, lfu, fifo];

export { fifo, lfu, lru };
