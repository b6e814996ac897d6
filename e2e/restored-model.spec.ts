/** The model that served when the page was last open: back after a reload, or a word on why not. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { SITE_URL, WEIGHTS_URL } from './server.ts';
import { expect, test } from './support.ts';

const FOLDER = `${WEIGHTS_URL}llama-gqa-tied/`;

const activeModel = (page: Page) =>
  page.evaluate(async () => {
    const { weights } = await globalThis.glassbox.client.get('model', 'weights');
    return { id: weights!.model_id, kept: weights!.from_cache, provider: weights!.execution_provider };
  });

const load = (page: Page, source: object) =>
  page.evaluate(
    (wanted) =>
      globalThis.glassbox.client.put('model', 'weights', { source: wanted as { kind: 'url'; url: string }, execution_provider: 'wasm' }),
    source,
  );

/** A page of the same origin on which no workbench runs. */
const stepOut = (page: Page) => page.goto(`${SITE_URL}licenses.md`);

test('a model comes back after a reload, with nobody asked for it, until the default one is loaded', async ({ app }) => {
  const { page } = app;
  // Away from the playground, whose prompt has tokens that this small model lacks.
  await app.open('#/memory');
  await load(page, { kind: 'url', url: FOLDER });
  const asked: string[] = [];
  await page.context().route(`${WEIGHTS_URL}**`, (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  for (let visit = 0; visit < 2; visit++) {
    await page.reload();
    await page.waitForFunction(() => 'glassbox' in globalThis);
    await page.evaluate(() => globalThis.glassbox.ready);
    expect(await activeModel(page)).toEqual({ id: 'llama-gqa-tied', kept: true, provider: 'wasm' });
  }
  expect(asked).toEqual([]);
  await expect(page.getByText('served when the page was last open')).toHaveCount(0);
  await load(page, { kind: 'bundled', id: 'default' });
  await app.open();
  expect((await activeModel(page)).id).toBe('default');
});

test('what ended the page, is no longer kept or never was does not come back, and the page says why', async ({ app }) => {
  const { page } = app;
  await app.open();
  await load(page, { kind: 'url', url: FOLDER });

  // As a tab that crashed leaves it: begun, and never finished.
  await stepOut(page);
  const note = await page.evaluate(() => localStorage.getItem('glassbox-model')!);
  expect(note).toContain('"loading":[]');
  await page.evaluate(
    (text) => localStorage.setItem('glassbox-model', text.replace('"loading":[]', '"loading":["a tab that is gone"]')),
    note,
  );
  await app.open();
  expect((await activeModel(page)).id).toBe('default');
  await expect(
    page.getByText('llama-gqa-tied, which served when the page was last open: the page ended while it was being loaded'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Load it again' }).click();
  await expect.poll(async () => (await activeModel(page)).id).toBe('llama-gqa-tied');
  await expect(page.getByRole('button', { name: 'Load it again' })).toHaveCount(0);

  // The browser threw the files away.
  await stepOut(page);
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  });
  await app.open();
  expect((await activeModel(page)).id).toBe('default');
  await expect(page.getByText('the browser no longer keeps it')).toBeVisible();
  // Told once.
  await stepOut(page);
  await app.open();
  await expect(page.getByText('served when the page was last open')).toHaveCount(0);

  const files = await Promise.all(
    ['config.json', 'model.safetensors', 'tokenizer.json'].map(async (path) => ({
      path,
      data: (
        await readFile(path === 'tokenizer.json' ? `fixtures/tokenizers/bytelevel-bpe/${path}` : `fixtures/models/llama-gqa-tied/${path}`)
      ).toString('base64'),
    })),
  );
  await load(page, { kind: 'upload', files });
  await app.open();
  expect((await activeModel(page)).id).toBe('default');
  await expect(page.getByText('choose its folder again')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Load it again' })).toHaveCount(0);

  // A note that someone else wrote.
  await stepOut(page);
  await page.evaluate(() =>
    localStorage.setItem('glassbox-model', '{"model":"x","request":{"source":{"kind":"ftp"},"execution_provider":7}}'),
  );
  await app.open();
  expect((await activeModel(page)).id).toBe('default');
  await expect(page.getByText('The default model serves in place of x')).toBeVisible();
  // A text of the site asks for the icon of the host, which has none.
  app.complaints.splice(0);
});

test('a model that hangs the worker in its load, or at the first text, does not come back; what else hangs it leaves the model alone', async ({
  app,
}) => {
  const { page } = app;
  const light = page.getByRole('button', { name: /^Transport health/ });
  const isBusy = () => expect(light).toHaveText(/Busy for \d+ s/);
  const isReady = async () => {
    await page.waitForFunction(() => 'glassbox' in globalThis);
    await page.evaluate(() => globalThis.glassbox.ready);
  };
  const restart = async () => {
    await light.click();
    // A notice may have one too.
    await page
      .getByRole('dialog', { name: /^Transport health/ })
      .getByRole('button', { name: 'Restart worker' })
      .click();
    await isReady();
    const served = () => page.evaluate(async () => (await globalThis.glassbox.client.get('model', 'weights')).weights?.model_id ?? null);
    await expect.poll(served).not.toBeNull();
  };
  const isNotBack = async (model: string, when: string) => {
    expect((await activeModel(page)).id).toBe('default');
    await expect(page.getByText(`in place of ${model}, which served when the page was last open: the engine worker ${when}`)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Load it again' })).toBeVisible();
    expect(await page.evaluate(() => localStorage.getItem('glassbox-model'))).toBeNull();
  };
  const begin = (call: 'load' | 'text' | 'script', url = '') =>
    page.evaluate(
      ([what, address]) => {
        const { client } = globalThis.glassbox;
        client.enableRestfulMode(false);
        const source = { kind: 'url', url: address! } as const;
        if (what === 'load') void client.put('model', 'weights', { source, execution_provider: 'wasm' }).catch(() => {});
        else if (what === 'text') void client.post('tokenizer', 'tokenize', { text: ' '.repeat(10_000) }).catch(() => {});
        else void client.post('code', 'run', { source: 'for (;;) {}' }).catch(() => {});
      },
      [call, url] as const,
    );

  // In its load. It is kept by then; that it once served is written as it would be.
  await app.open('#/memory');
  const endless = `${WEIGHTS_URL}broken/endless-load/`;
  await begin('load', endless);
  await isBusy();
  const note = { model: 'endless-load', request: { source: { kind: 'url', url: endless }, execution_provider: 'wasm' } };
  await page.evaluate((text) => localStorage.setItem('glassbox-model', text), JSON.stringify(note));
  await page.reload();
  await isBusy();
  await restart();
  await isNotBack('endless-load', 'stopped answering while it was being loaded');

  // At its first text, and the page is loaded anew.
  await load(page, { kind: 'url', url: `${WEIGHTS_URL}broken/endless-text/` });
  await begin('text');
  await isBusy();
  await page.reload();
  await isReady();
  await isNotBack('endless-text', 'stopped answering soon after it was loaded');

  // A script's doing, right after a load.
  await load(page, { kind: 'url', url: FOLDER });
  await begin('script');
  await expect(light).toHaveText(/No answer for \d+ s/);
  await restart();
  expect((await activeModel(page)).id).toBe('llama-gqa-tied');
  // Calls of the page itself that ended with the worker.
  app.complaints.splice(0, app.complaints.length, ...app.complaints.filter((each) => !each.includes('499')));
});
