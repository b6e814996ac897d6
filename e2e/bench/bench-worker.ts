/** The other side in the same browser: a page of the bench whose worker the benchmark speaks with. */
import type { Browser, Worker } from 'playwright';
import type { BareModel } from './bare-model.ts';
import type { RuntimeBench } from './runtime/worker.ts';
import type { Workplace } from './workplace.ts';

export interface BenchWorker {
  worker: Worker;
  close(): Promise<void>;
}

export async function openBenchWorker(browser: Browser, url: string): Promise<BenchWorker> {
  const page = await (await browser.newContext()).newPage();
  const [worker] = await Promise.all([page.waitForEvent('worker'), page.goto(url)]);
  await untilReady(worker);
  return { worker, close: () => page.context().close() };
}

/** The worker's module is loaded when it has put `bench` in place. */
export const untilReady = (worker: Worker): Promise<void> =>
  worker.evaluate(async () => {
    while (!('bench' in globalThis)) await new Promise((resolve) => setTimeout(resolve, 5));
  });

type Scope = { bench: RuntimeBench };

export type BareRuntime = BareModel & { threads: number; close(): Promise<void> };

/** The bare runtime with a model of `modelFolders`, in the browser of the product, with as many threads. */
export async function openBareRuntime({ browser, pagesUrl }: Workplace, model: string): Promise<BareRuntime> {
  const url = await pagesUrl();
  const { worker, close } = await openBenchWorker(browser.shared, `${url}runtime/`);
  await worker.evaluate((folder) => (globalThis as unknown as Scope).bench.open(folder), `${url}models/${model}/`);
  return {
    threads: await worker.evaluate(() => (globalThis as unknown as Scope).bench.threads),
    prefill: (numTokens) => worker.evaluate((numTokens) => (globalThis as unknown as Scope).bench.model().prefill(numTokens), numTokens),
    decode: (past, numTokens, batch = 1) =>
      worker.evaluate(({ past, numTokens, batch }) => (globalThis as unknown as Scope).bench.model().decode(past, numTokens, batch), {
        past,
        numTokens,
        batch,
      }),
    close,
  };
}
