/** Paged attention over a long past: a decode step when 90 % of the context is full, beside one at 10 %; and what of it is the graph's own. */
import { openBareRuntime } from './bench-worker.ts';
import type { Benchmark } from './benchmark.ts';
import { inTurns, tokenIds } from './measure.ts';
import { generate, modelSize } from './product.ts';

const ROUNDS = 15;
const NEW = 32;

export const contextLength: Benchmark = {
  name: 'context-length',
  run: (workplace) =>
    workplace.withProduct(async (page) => {
      const { vocabSize, context } = await modelSize(page);
      const bare = await openBareRuntime(workplace, 'default');
      /** The decode begins as far before the share as it ends behind it. */
      const lengthAt = (share: number) => Math.min(Math.round(context * share) - NEW / 2, context - NEW);
      const step = (share: number) => async (round: number) =>
        (await generate(page, tokenIds(share * 100_000 + round, lengthAt(share), vocabSize), NEW)).tpotMs!;
      const bareStep = (share: number) => async () => (await bare.decode(lengthAt(share), NEW)) / NEW;
      const figures = await inTurns(ROUNDS, { ours: step(0.9), other: step(0.1), bare: bareStep(0.9), bareOther: bareStep(0.1) });
      await bare.close();
      const unit = 'ms/token';
      return [
        {
          name: 'decode at 90 % of the context',
          ours: figures.ours,
          other: { name: 'at 10 %', value: figures.other },
          unit,
          target: { of: 'ratio', atMost: 1.2 },
          note: `Time per output token as the engine tells it, over ${NEW} tokens; the context has ${context}.`,
        },
        {
          name: 'the same by session.run in a loop',
          ours: figures.bare,
          other: { name: 'at 10 %', value: figures.bareOther },
          unit,
          note: 'The graph alone, with what the runtime takes to copy past keys and values in.',
        },
      ];
    }),
};
