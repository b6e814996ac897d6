/** A real instruct model, SmolLM2-135M: what the engine leaves of the bare graph's decode speed on WASM, how long it loads, and its memory. */
import type { Page } from 'playwright';
import { openBareRuntime } from './bench-worker.ts';
import type { Benchmark, Measured } from './benchmark.ts';
import { inTurns, tokenIds } from './measure.ts';
import { NO_SMOLLM2, smollm2Folder } from './models.ts';
import { generate, modelSize, openProduct } from './product.ts';
import { withPeakMemory } from './process-memory.ts';
import { concurrentStreams } from './streams.ts';
import type { Workplace } from './workplace.ts';

const ROUNDS = 9;
const STREAM_ROUNDS = 5;
/** Long enough that decode, which is what batching speeds up, outweighs the prefill of the prompts. */
const STREAM_NEW = 64;
const PROMPT = 32;
const NEW = 17;

export const smollm2: Benchmark = {
  name: 'smollm2',
  async run(workplace) {
    if (!smollm2Folder()) return [{ name: 'SmolLM2-135M', ours: null, unit: '', note: NO_SMOLLM2 }];
    return [...(await loading(workplace)), ...(await workplace.withProduct((page) => decoding(workplace, page)))];
  },
};

/** Alone in a browser of its own: download and OPFS, then OPFS alone on the next page, then a generation. */
async function loading({ browser, siteUrl, pagesUrl }: Workplace): Promise<Measured[]> {
  const folder = `${await pagesUrl()}models/smollm2/`;
  const { result, peak } = await withPeakMemory(() =>
    browser.alone(async (own) => {
      const page = await openProduct(own, siteUrl);
      const cold = await load(page, folder);
      await page.reload();
      await page.waitForFunction(() => 'glassbox' in globalThis);
      await page.evaluate(() => globalThis.glassbox.ready.then(() => globalThis.glassbox.client.enableRestfulMode(false)));
      const warm = await load(page, folder);
      const { vocabSize } = await modelSize(page);
      await generate(page, tokenIds(1, PROMPT, vocabSize), NEW);
      return { cold, warm };
    }),
  );
  const note = 'float16 on disk, float32 in the runtime.';
  return [
    {
      name: 'SmolLM2-135M, PUT model/weights, cold',
      ours: result.cold.ms,
      unit: 'ms',
      note: `From a server on this machine, kept in OPFS. ${note}`,
    },
    {
      name: 'SmolLM2-135M, PUT model/weights, warm',
      ours: result.warm.ms,
      unit: 'ms',
      note: result.warm.fromCache ? 'From OPFS.' : 'Not from OPFS: this browser kept nothing.',
    },
    {
      name: 'SmolLM2-135M, peak memory, largest process',
      ours: peak?.pageMib ?? null,
      unit: 'MiB',
      note: `The page with its worker; the whole browser ${peak?.treeMib.toFixed(0) ?? '?'} MiB. Resident, sampled, through two loads and a generation.`,
    },
  ];
}

/** Both are loaded in one browser and take turns; a prompt and a first token are no part of it. */
async function decoding(workplace: Workplace, page: Page): Promise<Measured[]> {
  await load(page, `${await workplace.pagesUrl()}models/smollm2/`);
  const { vocabSize } = await modelSize(page);
  const bare = await openBareRuntime(workplace, 'smollm2');
  const perSecond = (msPerToken: number) => 1000 / msPerToken;
  const figures = await inTurns(ROUNDS, {
    ours: async (round) => perSecond((await generate(page, tokenIds(round, PROMPT, vocabSize), NEW)).tpotMs!),
    bare: async () => perSecond((await bare.decode(PROMPT, NEW - 1)) / (NEW - 1)),
  });
  const together = await concurrentStreams(page, bare, { rounds: STREAM_ROUNDS, newTokens: STREAM_NEW, prefix: 'SmolLM2-135M, ' });
  await bare.close();
  return [
    ...together,
    {
      name: 'SmolLM2-135M, decode',
      ours: figures.ours,
      other: { name: 'session.run in a loop', value: figures.bare },
      unit: 'tokens/s',
      target: { of: 'ratio', atLeast: 0.8 },
      note: `${bare.threads} threads on both sides; the same graph, build and browser.`,
    },
  ];
}

const load = (page: Page, url: string): Promise<{ ms: number; fromCache: boolean }> =>
  page.evaluate(async (url) => {
    const start = performance.now();
    const { from_cache } = await globalThis.glassbox.client.put('model', 'weights', {
      source: { kind: 'url', url },
      execution_provider: 'wasm',
      cache: true,
    });
    return { ms: performance.now() - start, fromCache: from_cache };
  }, url);
