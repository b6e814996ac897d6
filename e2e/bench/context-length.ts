/** Paged attention over a long past: a decode step when 90 % of the context is full, beside one at 10 %; and what of it is the graph's own. */
import type { Page } from 'playwright';
import { type BareRuntime, openBareRuntime } from './bench-worker.ts';
import type { Benchmark, Measured } from './benchmark.ts';
import { inTurns, tokenIds } from './measure.ts';
import { generate, modelSize } from './product.ts';

const ROUNDS = 15;
const NEW = 32;

export const contextLength: Benchmark = {
  name: 'context-length',
  run: (workplace) =>
    workplace.withProduct(async (page) => {
      const bare = await openBareRuntime(workplace, 'default');
      const measured = await decodeOverContext(page, bare, { rounds: ROUNDS, newTokens: NEW });
      await bare.close();
      return measured;
    }),
};

/** @param bare the same model in the bare runtime, where there is one for the active provider */
export async function decodeOverContext(
  page: Page,
  bare: BareRuntime | null,
  { rounds, newTokens, prefix = '' }: { rounds: number; newTokens: number; prefix?: string },
): Promise<Measured[]> {
  const { vocabSize, context } = await modelSize(page);
  /** The decode begins as far before the share as it ends behind it. */
  const lengthAt = (share: number) => Math.min(Math.round(context * share) - newTokens / 2, context - newTokens);
  const step = (share: number) => async (round: number) =>
    (await generate(page, tokenIds(share * 100_000 + round, lengthAt(share), vocabSize), newTokens)).tpotMs!;
  const bareStep = (share: number) => async () => (await bare!.decode(lengthAt(share), newTokens)) / newTokens;
  const figures = await inTurns(rounds, {
    ours: step(0.9),
    other: step(0.1),
    ...(bare && { bare: bareStep(0.9), bareOther: bareStep(0.1) }),
  });
  const unit = 'ms/token';
  const ours: Measured = {
    name: `${prefix}decode at 90 % of the context`,
    ours: figures.ours,
    other: { name: 'at 10 %', value: figures.other },
    unit,
    target: { of: 'ratio', atMost: 1.2 },
    note: `Time per output token as the engine tells it, over ${newTokens} tokens; the context has ${context}.`,
  };
  if (!bare) return [ours];
  return [
    ours,
    {
      name: `${prefix}the same by session.run in a loop`,
      ours: figures.bare!,
      other: { name: 'at 10 %', value: figures.bareOther! },
      unit,
      note: 'The graph alone, with what the runtime takes to copy past keys and values in.',
    },
  ];
}
