/** Continuous batching: tokens per second of eight streams at once beside one alone. */
import type { Page } from 'playwright';
import { type BareRuntime, openBareRuntime } from './bench-worker.ts';
import type { Benchmark, Measured } from './benchmark.ts';
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
      const bare = await openBareRuntime(workplace, 'default');
      const measured = await concurrentStreams(page, bare, { rounds: ROUNDS, newTokens: NEW });
      await bare.close();
      return measured;
    }),
};

/**
 * The active model on the page, and the same one in the bare runtime: eight streams beside one on both sides.
 * @param bare where there is one for the active provider
 * @param prefix of the names, for another model or provider than the default
 */
export async function concurrentStreams(
  page: Page,
  bare: BareRuntime | null,
  { rounds, newTokens, prefix = '' }: { rounds: number; newTokens: number; prefix?: string },
): Promise<Measured[]> {
  const { vocabSize } = await modelSize(page);
  const rate = (kind: number, count: number) => async (round: number) => {
    const prompts = Array.from({ length: count }, (_, i) => tokenIds((kind + i) * 1000 + round, PROMPT, vocabSize));
    return ((count * newTokens) / (await makespan(page, prompts, newTokens))) * 1000;
  };
  const bareRate = (count: number) => async () => ((count * newTokens) / (await bare!.decode(PROMPT, newTokens, count))) * 1000;
  const figures = await inTurns(rounds, {
    ours: rate(20, STREAMS),
    one: rate(10, 1),
    ...(bare && { bare: bareRate(STREAMS), bareOne: bareRate(1) }),
  });
  const unit = 'tokens/s';
  const ours: Measured = {
    name: `${prefix}${STREAMS} concurrent streams`,
    ours: figures.ours,
    other: { name: 'one stream', value: figures.one },
    unit,
    target: { of: 'ratio', atLeast: 3 },
    note: `Streamed to the page, prompts of ${PROMPT} tokens, ${newTokens} new ones each; from the first request to the last token.`,
  };
  if (!bare) return [ours];
  return [
    ours,
    {
      name: `${prefix}a batch of ${STREAMS} by session.run in a loop`,
      ours: figures.bare!,
      other: { name: 'a batch of one', value: figures.bareOne! },
      unit,
      note: 'Decode of the graph alone: what batching could give here at most.',
    },
  ];
}

function makespan(page: Page, prompts: number[][], newTokens: number): Promise<number> {
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
    { prompts, newTokens },
  );
}
