/** From the address to the first token: the default model on a browser that has never seen the site, and on one that has; and the memory that it takes. */
import type { BrowserContext, Page } from 'playwright';
import { untilReady } from './bench-worker.ts';
import type { Benchmark, Measured } from './benchmark.ts';
import { tokenIds } from './measure.ts';
import { NO_ONNX, onnxFolder } from './models.ts';
import { generate, modelSize, openProduct } from './product.ts';
import { withPeakMemory } from './process-memory.ts';
import type { TransformersBench } from './transformers/worker.ts';
import type { Workplace } from './workplace.ts';

const ROUNDS = 3;
const PROMPT = tokenIds(1, 16, 1000);

interface Startup {
  /** From navigation on: the default model serves. */
  readyMs: number;
  firstTokenMs: number;
}

export const startup: Benchmark = {
  name: 'startup',
  async run(workplace) {
    const ours = await inRounds((cold) => visitProduct(workplace, cold));
    const theirs = onnxFolder() ? await inRounds((cold) => visitTransformers(workplace, cold)) : null;
    const rows = (['cold', 'warm'] as const).flatMap((kind): Measured[] => {
      const note =
        kind === 'cold' ? 'A new browser context: no HTTP cache, no OPFS, no service worker.' : 'The next page in the same context.';
      return [
        {
          name: `site to a serving model, ${kind}`,
          ours: ours[kind].map(({ readyMs }) => readyMs),
          unit: 'ms',
          note: `${note} \`glassbox.ready\` waits in steps of 50 ms.`,
        },
        {
          name: `site to the first token, ${kind}`,
          ours: ours[kind].map(({ firstTokenMs }) => firstTokenMs),
          ...(theirs && { other: { name: 'transformers.js', value: theirs[kind].map(({ firstTokenMs }) => firstTokenMs) } }),
          unit: 'ms',
          note: theirs
            ? `A prompt of ${PROMPT.length} ids; the other page has no interface and loads the weights as ONNX in float32.`
            : NO_ONNX,
        },
      ];
    });
    return [...rows, ...(await memory(workplace))];
  },
};

async function inRounds(
  visit: (context: BrowserContext | null) => Promise<{ startup: Startup; context: BrowserContext }>,
): Promise<Record<'cold' | 'warm', Startup[]>> {
  const figures = { cold: [] as Startup[], warm: [] as Startup[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const cold = await visit(null);
    const warm = await visit(cold.context);
    await cold.context.close();
    if (round === 0) continue;
    figures.cold.push(cold.startup);
    figures.warm.push(warm.startup);
  }
  return figures;
}

async function visitProduct(
  { browser, siteUrl }: Workplace,
  known: BrowserContext | null,
): Promise<{ startup: Startup; context: BrowserContext }> {
  const context = known ?? (await browser.shared.newContext());
  const page = await context.newPage();
  await page.goto(siteUrl, { waitUntil: 'commit' });
  const startup = await page.evaluate(async (inputIds) => {
    while (!('glassbox' in globalThis)) await new Promise((resolve) => setTimeout(resolve, 1));
    await globalThis.glassbox.ready;
    const readyMs = performance.now();
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    for await (const { event } of client.stream('model', 'generate', {
      input_ids: inputIds,
      max_new_tokens: 2,
      temperature: 0,
      ignore_eos: true,
    }))
      if (event === 'token') break;
    return { readyMs, firstTokenMs: performance.now() };
  }, PROMPT);
  await page.close();
  return { startup, context };
}

async function visitTransformers(
  { browser, pagesUrl }: Workplace,
  known: BrowserContext | null,
): Promise<{ startup: Startup; context: BrowserContext }> {
  const url = await pagesUrl();
  const context = known ?? (await browser.shared.newContext());
  const page = await context.newPage();
  const [worker] = await Promise.all([page.waitForEvent('worker'), page.goto(`${url}transformers/`, { waitUntil: 'commit' })]);
  await untilReady(worker);
  type Scope = { bench: TransformersBench };
  await worker.evaluate(({ models }) => (globalThis as unknown as Scope).bench.open(models, 0), { models: `${url}models/` });
  const readyMs = await page.evaluate(() => performance.now());
  await worker.evaluate((ids) => (globalThis as unknown as Scope).bench.generate(ids, 1), PROMPT);
  const firstTokenMs = await page.evaluate(() => performance.now());
  await page.close();
  return { startup: { readyMs, firstTokenMs }, context };
}

/** One page of the product alone in a browser of its own, from its start through a full context. */
async function memory({ browser, siteUrl }: Workplace): Promise<Measured[]> {
  const { result: javascript, peak } = await withPeakMemory(() =>
    browser.alone(async (own) => {
      const page = await openProduct(own, siteUrl);
      const { vocabSize, context } = await modelSize(page);
      await generate(page, tokenIds(1, context - 64, vocabSize), 64);
      return measuredMib(page);
    }),
  );
  return [
    {
      name: 'peak memory, the whole browser',
      ours: peak?.treeMib ?? null,
      unit: 'MiB',
      note: 'Resident, all processes; shared pages are counted in each. Sampled, from the start of the browser to a full context.',
    },
    { name: 'peak memory, the largest process', ours: peak?.pageMib ?? null, unit: 'MiB', note: 'The page with its worker.' },
    { name: 'memory of page and worker', ours: javascript, unit: 'MiB', note: 'performance.measureUserAgentSpecificMemory after that.' },
  ];
}

async function measuredMib(page: Page): Promise<number | null> {
  return page.evaluate(async () => {
    const { measureUserAgentSpecificMemory } = performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> };
    if (!measureUserAgentSpecificMemory || !globalThis.crossOriginIsolated) return null;
    return (await measureUserAgentSpecificMemory.call(performance)).bytes / 2 ** 20;
  });
}
