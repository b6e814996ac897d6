/** The policies that come with the workbench; the first is the one that is active unless someone chooses. */
import type { PolicySource } from '../../engine/policy.ts';
import { policy } from '../generated/modules.ts';

export const POLICIES: readonly PolicySource[] = policy.map(({ module }) => module.default);

export { default as fcfs } from './fcfs.ts';
