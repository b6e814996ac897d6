/** What a call costs beyond its work: in the worker, from the page, and as an HTTP request beside a bare MSW handler. */
import type { Page } from 'playwright';
import type { Benchmark, Measured } from './benchmark.ts';
import { inWorkerOverhead } from './overhead-in-worker.ts';
import type { Workplace } from './workplace.ts';

const ROUNDS = 9;
const CALLS = 25;
const SETTLE_MS = 300;

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
    const ours = async (how: HowToCall) => {
      await page.bringToFront();
      return page.evaluate(timeProduct, how);
    };
    const theirs = async () => {
      await bare.bringToFront();
      return bare.evaluate(timeBare, { calls: CALLS, settleMs: SETTLE_MS });
    };
    for (let round = 0; round <= ROUNDS; round++) {
      const once = { calls: CALLS, settleMs: SETTLE_MS };
      direct.push(await ours({ ...once, restful: false, pauseMs: 0 }));
      afterPause.push(await ours({ ...once, restful: false, pauseMs: 5 }));
      // Who comes first takes turns; both sides begin alike, after the page has settled and some calls have warmed it.
      if (round % 2 === 0) restful.push(await ours({ ...once, restful: true, pauseMs: 0 }));
      handler.push(await theirs());
      if (round % 2 === 1) restful.push(await ours({ ...once, restful: true, pauseMs: 0 }));
    }
    for (const samples of [direct, afterPause, restful, handler]) samples.shift(); // the first round warms
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

interface HowToCall {
  restful: boolean;
  /** Between calls. */
  pauseMs: number;
  calls: number;
  /** Bringing a page to the front and switching the mode paint: calls begin after this time, and the first ones don't count. */
  settleMs: number;
}

async function timeProduct({ restful, pauseMs, calls, settleMs }: HowToCall): Promise<number> {
  const { client } = globalThis.glassbox;
  client.enableRestfulMode(restful);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const samples: number[] = [];
  for (let i = 0; i < 2 * calls; i++) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const start = performance.now();
    await client.get('model', 'weights');
    samples.push(performance.now() - start);
  }
  return samples.slice(calls).sort((a, b) => a - b)[calls >> 1]!;
}

async function timeBare({ calls, settleMs }: { calls: number; settleMs: number }): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const samples: number[] = [];
  for (let i = 0; i < 2 * calls; i++) {
    const start = performance.now();
    const response = await fetch('./answer');
    await response.json();
    samples.push(performance.now() - start);
  }
  return samples.slice(calls).sort((a, b) => a - b)[calls >> 1]!;
}
