/** The scheduler's own rules, in the words that decisions give. */
import type { Constraint } from './decision.ts';

export const RULES = {
  decode_first: 'Decoding sequences get their token first; prompts share what is left of the budget.',
  prefill_first: 'Prompts come first; sequences decode in steps without prefill work.',
  mixed: 'One order over prompts and decoding sequences, the policy’s.',
  recompute: 'Out of blocks: the last in policy order gives its blocks back and is computed again later.',
  swap: 'Out of blocks: the last in policy order moves to the next tier.',
  seats: 'More sequences run than may: the last in policy order leaves.',
  gives_way: 'Gives way to a sequence that the policy puts before it.',
  quarantine: 'Took part in a failed run: runs alone once, so that it cannot take others down.',
} as const;

/** What a sequence that has just given way stands against. */
export const GAVE_WAY: Constraint = { name: 'order', needed: 1, available: 0, limit: 1 };

/** What a sequence that must run alone stands against. */
export const QUARANTINE: Constraint = { name: 'quarantine', needed: 1, available: 0, limit: 1 };
