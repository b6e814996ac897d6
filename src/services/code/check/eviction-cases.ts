/** What an eviction rule must do: give every cached block a score. */
import type { CachedBlock, EvictionSource } from '../../../engine/index.ts';
import { valueText } from '../../../environment/thrown.ts';
import { asObject, type Case, CaseFailure } from './case.ts';

const asRule = (exported: unknown): EvictionSource =>
  asObject<EvictionSource>(exported, 'an eviction rule: an object with `name`, `rule` and `score`', ['score'], ['name', 'rule']);

const BLOCKS: readonly CachedBlock[] = [
  { block: 0, depth: 0, hits: 0, cachedAt: 1, freedAt: 4 },
  { block: 1, depth: 1, hits: 0, cachedAt: 2, freedAt: 3 },
  { block: 2, depth: 0, hits: 12, cachedAt: 5, freedAt: 90 },
  { block: 7, depth: 130, hits: 1, cachedAt: 200, freedAt: 201 },
];

const score = (rule: EvictionSource, block: CachedBlock): number => {
  const value = rule.score(block);
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new CaseFailure(`\`score\` gave ${valueText(value)} for ${JSON.stringify(block)}.`, 'a number', valueText(value));
  return value;
};

export const EVICTION_CASES: Case[] = [
  {
    name: 'scores blocks',
    description: 'A number for heads and tails of prompts, hit often and never.',
    run(exported) {
      const rule = asRule(exported);
      return { scores: BLOCKS.map((block) => score(rule, block)) };
    },
  },
  {
    name: 'scores a full pool',
    description: 'Ten thousand cached blocks; the same block has the same score each time.',
    run(exported) {
      const rule = asRule(exported);
      for (let i = 0; i < 10_000; i++) {
        const block: CachedBlock = { block: i, depth: i % 64, hits: (i * 7) % 13, cachedAt: i, freedAt: 20_000 - i };
        const [first, second] = [score(rule, block), score(rule, block)];
        if (first !== second) throw new CaseFailure('The same block got two different scores.', first, second);
      }
      return { blocks: 10_000 };
    },
  },
];
