/** Prefix reuse: the time to the first token when the first 400 tokens of a prompt are in the cache, beside the same when they are not. */
import type { Benchmark } from './benchmark.ts';
import { inTurns, tokenIds } from './measure.ts';
import { generate, modelSize } from './product.ts';

const ROUNDS = 9;
const PREFIX = 400;
const OWN = 16;

export const sharedPrefix: Benchmark = {
  name: 'shared-prefix',
  run: ({ withProduct }) =>
    withProduct(async (page) => {
      const { vocabSize } = await modelSize(page);
      // The call that is not cached brings the prefix of its round into the cache, for the other.
      const firstToken = (own: number) => async (round: number) => {
        const prompt = [...tokenIds(round, PREFIX, vocabSize), ...tokenIds(own * 1000 + round, OWN, vocabSize)];
        return (await generate(page, prompt, 1)).ms;
      };
      const { uncached, ours } = await inTurns(ROUNDS, { uncached: firstToken(1), ours: firstToken(2) });
      const note = `Prompts of ${PREFIX} shared and ${OWN} own tokens, timed on the page; a ratio of 0.25 is a cut by 75 %.`;
      return [
        {
          name: 'TTFT with a cached prefix',
          ours,
          other: { name: 'not cached', value: uncached },
          unit: 'ms',
          target: { of: 'ratio', atMost: 0.25 },
          note,
        },
      ];
    }),
};
