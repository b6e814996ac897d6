/** The eviction rules that come with the workbench; the first is the one that is active unless someone chooses. */
import type { EvictionSource } from '../../engine/eviction.ts';
import { eviction } from '../generated/modules.ts';

export const EVICTION_RULES: readonly EvictionSource[] = eviction.map(({ module }) => module.default);

export { default as lru } from './lru.ts';
