/** The policies that come with the workbench, by name. */
import type { PolicySource } from '../../engine/policy.ts';
import edf from './edf.ts';
import fair from './fair.ts';
import fcfs from './fcfs.ts';
import hrrn from './hrrn.ts';
import lpm from './lpm.ts';
import priority from './priority.ts';
import sjf from './sjf.ts';

export const POLICIES: readonly PolicySource[] = [fcfs, priority, sjf, hrrn, lpm, fair, edf];

export { edf, fair, fcfs, hrrn, lpm, priority, sjf };
