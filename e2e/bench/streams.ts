/** Continuous batching: tokens per second of eight streams at once beside one alone. */
import type { Page } from 'playwright';
import { openBareRuntime } from './bench-worker.ts';
import type { Benchmark } from './benchmark.ts';
import { inTurns, tokenIds } from './measure.ts';
import { modelSize } from './product.ts';

const ROUNDS = 15;
const STREAMS = 8;
const PROMPT = 16;
const NEW = 96;

export const streams: Benchmark = {
  name: 'streams',
  run: (workplace) =>
    workplace.withProduct(async (page) => {
      const { vocabSize } = await modelSize(page);
      const bare = await openBareRuntime(workplace, 'default');
      const rate = (kind: number, count: number) => async (round: number) => {
        const prompts = Array.from({ length: count }, (_, i) => tokenIds((kind + i) * 1000 + round, PROMPT, vocabSize));
        return ((count * NEW) / (await makespan(page, prompts))) * 1000;
      };
      const bareRate = (count: number) => async () => ((count * NEW) / (await bare.decode(PROMPT, NEW, count))) * 1000;
      const figures = await inTurns(ROUNDS, { ours: rate(20, STREAMS), one: rate(10, 1), bare: bareRate(STREAMS), bareOne: bareRate(1) });
      await bare.close();
      const unit = 'tokens/s';
      return [
        {
          name: `${STREAMS} concurrent streams`,
          ours: figures.ours,
          other: { name: 'one stream', value: figures.one },
          unit,
          target: { of: 'ratio', atLeast: 3 },
          note: `Streamed to the page, prompts of ${PROMPT} tokens, ${NEW} new ones each; from the first request to the last token.`,
        },
        {
          name: `a batch of ${STREAMS} by session.run in a loop`,
          ours: figures.bare,
          other: { name: 'a batch of one', value: figures.bareOne },
          unit,
          note: 'Decode of the graph alone: what batching could give here at most.',
        },
      ];
    }),
};

function makespan(page: Page, prompts: number[][]): Promise<number> {
  return page.evaluate(
    async ({ prompts, newTokens }) => {
      const start = performance.now();
      await Promise.all(
        prompts.map(async (inputIds) => {
          let tokens = 0;
          for await (const { event } of globalThis.glassbox.client.stream('model', 'generate', {
            input_ids: inputIds,
            max_new_tokens: newTokens,
            temperature: 0,
            ignore_eos: true,
          }))
            if (event === 'token') tokens++;
          if (tokens !== newTokens) throw new Error(`A stream gave ${tokens} tokens of ${newTokens}.`);
        }),
      );
      return performance.now() - start;
    },
    { prompts, newTokens: NEW },
  );
}
