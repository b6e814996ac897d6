/** Tabs that start at the same time, as a browser's session restore opens them: one takes the start of another for no crash while that lives. */
import type { Page } from '@playwright/test';
import { SITE_URL, WEIGHTS_URL } from './server.ts';
import { expect, test } from './support.ts';

const GREEDY = 'export default (logits) => logits.indexOf(Math.max(...logits));';
const MODEL = 'llama-gqa-tied';

async function open(page: Page): Promise<Page> {
  // The same address again would be no new start.
  await page.goto('about:blank');
  await page.goto(`${SITE_URL}#/memory`);
  await page.waitForFunction(() => 'glassbox' in globalThis);
  await page.evaluate(() => globalThis.glassbox.ready);
  return page;
}

const stateOf = (page: Page) =>
  page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { resources } = await client.get('code', 'resources');
    const { weights } = await client.get('model', 'weights');
    const { leftOut, restoring } = client.health;
    const patched = resources.filter((each) => each.patched).map(({ id }) => id);
    return { patched, model: weights?.model_id, leftOut: leftOut.map(({ why }) => why), notBack: restoring?.why ?? null };
  });
const WELL = { patched: ['sampler'], model: MODEL, leftOut: [], notBack: null };

/** As a start leaves it that is under way: noted with what it tries, and seen while this page lives. */
const beginStart = (page: Page, name: string) =>
  page.evaluate(async (start) => {
    await new Promise<void>((resolve) => {
      void navigator.locks.request(start, () => {
        resolve();
        return new Promise(() => {});
      });
    });
    const { resources } = await globalThis.glassbox.client.get('code', 'resources', { patched: true });
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('glassbox-starts', 1);
      request.addEventListener('success', () => resolve(request.result));
    });
    await new Promise((resolve) => {
      const transaction = database.transaction('starts', 'readwrite');
      transaction.objectStore('starts').put({ id: start, tried: resources.map(({ id, revision_id: revisionId }) => ({ id, revisionId })) });
      transaction.addEventListener('complete', resolve);
    });
    database.close();
    const note = JSON.parse(localStorage.getItem('glassbox-model')!) as object;
    localStorage.setItem('glassbox-model', JSON.stringify({ ...note, loading: [start] }));
  }, name);

test('patch and model come in every tab while another is still at its start, and not after one whose tab has gone', async ({ app }) => {
  const { page } = app;
  const context = page.context();
  await app.open('#/memory');
  await page.evaluate(
    async ([source, url]) => {
      const { client } = globalThis.glassbox;
      await client.put('code', 'resources/{id}', { id: 'sampler', source });
      await client.put('model', 'weights', { source: { kind: 'url', url }, execution_provider: 'wasm' });
    },
    [GREEDY, `${WEIGHTS_URL}${MODEL}/`] as const,
  );
  // Together.
  const together = await Promise.all([open(await context.newPage()), context.newPage().then(open)]);
  for (const tab of together) expect(await stateOf(tab)).toEqual(WELL);

  const [first, second] = together as [Page, Page];
  await beginStart(first, 'a start under way');
  await open(second);
  expect(await stateOf(second)).toEqual(WELL);
  expect(await page.evaluate(() => localStorage.getItem('glassbox-model'))).toContain(MODEL);

  await first.close();
  await open(second);
  expect(await stateOf(second)).toEqual({
    ...{ patched: [], model: 'default', leftOut: ['start'] },
    notBack: 'the page ended while it was being loaded, and might again',
  });
  await second.close();
});

test('tabs that patch the same resource keep the revisions of both', async ({ app }) => {
  const { page } = app;
  await app.open('#/memory');
  const other = await open(await page.context().newPage());
  const patch = (tab: Page, source: string) =>
    tab.evaluate(async (code) => {
      const { client } = globalThis.glassbox;
      client.enableRestfulMode(false);
      return (await client.put('code', 'resources/{id}', { id: 'sampler', source: code, time_limit_ms: 20_000 })).revision_id;
    }, source);
  const made = [await patch(page, GREEDY), await patch(other, `${GREEDY} // 2`), await patch(page, `${GREEDY} // 3`)];
  const revisions = (tab: Page) =>
    tab.evaluate(async () => {
      const { revisions: all } = await globalThis.glassbox.client.get('code', 'resources/{id}/revisions', { id: 'sampler' });
      return all.filter((each) => !each.built_in).map((each) => ({ id: each.revision_id, active: each.active }));
    });
  const all = made.toReversed().map((id, i) => ({ id, active: i === 0 }));
  expect(await revisions(page)).toEqual(all);
  expect(await revisions(await open(other))).toEqual(all);
  await other.close();
});
