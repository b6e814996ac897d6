/** A page of the product as benchmarks want it: isolated, ready, in direct mode, its model on WASM. */
import type { Browser, Page } from 'playwright';
// `globalThis.glassbox` is declared there.
import type {} from '../support.ts';

export async function openProduct(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  // What is kept for a visit without a network would be kept while something is measured.
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  await visit(page, url);
  // The first load brings the service worker, the second one is isolated by it.
  await visit(page, url);
  await page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    const { weights } = await client.get('model', 'weights');
    if (weights?.execution_provider === 'wasm') return;
    await client.put('model', 'weights', { source: { kind: 'bundled', id: 'default' }, execution_provider: 'wasm' });
  });
  return page;
}

export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'glassbox' in globalThis);
  await page.evaluate(() => globalThis.glassbox.ready);
}

/** Threads of the runtime in the product's worker, for the other side to use as many. */
export const threadsOf = (page: Page): Promise<number> => page.evaluate(() => globalThis.glassbox.client.health.threads);

export interface Generated {
  ms: number;
  ids: number[];
  /** As the engine tells it. */
  ttftMs: number;
  tpotMs: number | null;
}

/** Greedy, to the length asked for, timed on the page. */
export function generate(page: Page, inputIds: readonly number[], newTokens: number): Promise<Generated> {
  return page.evaluate(
    async ({ inputIds, newTokens }) => {
      const start = performance.now();
      const { choices, timings } = await globalThis.glassbox.client.post('model', 'generate', {
        input_ids: inputIds,
        max_new_tokens: newTokens,
        temperature: 0,
        ignore_eos: true,
      });
      return { ms: performance.now() - start, ids: choices[0]!.token_ids, ttftMs: timings.ttft_ms, tpotMs: timings.tpot_ms };
    },
    { inputIds: [...inputIds], newTokens },
  );
}

/** Numbers of the active model. */
export const modelSize = (page: Page): Promise<{ vocabSize: number; context: number }> =>
  page.evaluate(async () => {
    const { vocab_size, max_position_embeddings } = (await globalThis.glassbox.client.get('model', 'info')).state;
    return { vocabSize: vocab_size!, context: max_position_embeddings! };
  });
