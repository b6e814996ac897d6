/** What a call costs beyond its work: in the worker, from the page, and as an HTTP request beside a bare MSW handler. */
import type { Page } from 'playwright';
import type { Benchmark, Measured } from './benchmark.ts';
import { inWorkerOverhead } from './overhead-in-worker.ts';
import type { Workplace } from './workplace.ts';

const ROUNDS = 9;
const CALLS = 25;

export const overhead: Benchmark = {
  name: 'overhead',
  run: (workplace) => workplace.withProduct(async (page) => [...(await inWorkerOverhead(page)), ...(await fromThePage(workplace, page))]),
};

/** Both pages lie in one browser and take turns; the p50 of a round is over its calls. */
async function fromThePage({ browser, pagesUrl }: Workplace, page: Page): Promise<Measured[]> {
  const bare = await browser.shared.newPage();
  try {
    await bare.goto(`${await pagesUrl()}bare/`);
    await bare.waitForFunction(() => 'bareReady' in globalThis);
    await bare.evaluate(() => (globalThis as unknown as { bareReady: Promise<void> }).bareReady);
    await page.evaluate(() => globalThis.glassbox.client.enableRestfulMode(true));
    const direct: number[] = [];
    const afterPause: number[] = [];
    const restful: number[] = [];
    const handler: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      await page.bringToFront();
      const ours = await page.evaluate(timeProduct, CALLS);
      await bare.bringToFront();
      const other = await bare.evaluate(timeBare, CALLS);
      if (round === 0) continue;
      direct.push(ours.direct);
      afterPause.push(ours.afterPause);
      restful.push(ours.restful);
      handler.push(other);
    }
    return [
      {
        name: 'direct call from the page, p50',
        ours: direct,
        unit: 'ms',
        target: { of: 'ours', atMost: 0.2 },
        note: 'GET model/weights through the port to the worker.',
      },
      {
        name: 'direct call from the page after a pause, p50',
        ours: afterPause,
        unit: 'ms',
        note: 'The same 5 ms after the last: the worker has to be woken, as it has for each RESTful call.',
      },
      {
        name: 'RESTful call, p50',
        ours: restful,
        other: { name: 'bare MSW handler', value: handler },
        unit: 'ms',
        target: { of: 'difference', atMost: 0.5 },
        note: 'GET /api/model/weights by the client, envelope and all, beside a handler that answers a constant of the same size.',
      },
    ];
  } finally {
    await bare.close();
  }
}

async function timeProduct(calls: number): Promise<{ direct: number; afterPause: number; restful: number }> {
  const { client } = globalThis.glassbox;
  const p50 = async (restful: boolean, pauseMs = 0) => {
    client.enableRestfulMode(restful);
    const samples: number[] = [];
    for (let i = 0; i < calls; i++) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const start = performance.now();
      await client.get('model', 'weights');
      samples.push(performance.now() - start);
    }
    return samples.sort((a, b) => a - b)[calls >> 1]!;
  };
  return { direct: await p50(false), afterPause: await p50(false, 5), restful: await p50(true) };
}

async function timeBare(calls: number): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    const response = await fetch('./answer');
    await response.json();
    samples.push(performance.now() - start);
  }
  return samples.sort((a, b) => a - b)[calls >> 1]!;
}
