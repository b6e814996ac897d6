/** The cases of each code resource, which a candidate must pass. */
import type { Case } from './case.ts';
import { EVICTION_CASES } from './eviction-cases.ts';
import { fragmentCases } from './fragment-cases.ts';
import { NORMALIZER_CASES } from './normalizer-cases.ts';
import { POLICY_CASES } from './policy-cases.ts';
import { SAMPLER_CASES } from './sampler-cases.ts';

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'model.attention': fragmentCases('attention'),
  'model.mlp': fragmentCases('mlp'),
  'model.norm': fragmentCases('norm'),
  'model.position': fragmentCases('position'),
  sampler: SAMPLER_CASES,
  'scheduler.policy': POLICY_CASES,
  'memory.eviction': EVICTION_CASES,
  'tokenizer.normalizer': NORMALIZER_CASES,
};

/** A script has none: it is compiled, and run by a person only. */
export const casesOf = (id: string): readonly Case[] => CASES[id] ?? [];
