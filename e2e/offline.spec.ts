/** Visits without a network after one with it, and a new version of the site under the feet of an open tab. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, test as base } from '@playwright/test';
import { build } from 'vite';
import { serve } from '../scripts/serve.mjs';
import { expect } from './support.ts';

interface Site {
  url: string;
  /** What is served; it may be changed. */
  dir: string;
  /** The server goes away, connections and all. */
  stop(): Promise<void>;
}

const test = base.extend<{ site: Site; complaints: string[] }>({
  site: async ({ browserName: _ }, use) => {
    const dir = await mkdtemp(join(tmpdir(), 'site-'));
    await cp('dist', dir, { recursive: true });
    const server = await serve({ dir, base: '/deep/site/' });
    await use({ url: server.url, dir, stop: server.stop });
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await use(complaints);
    expect(complaints, 'the console stays clean').toEqual([]);
  },
});

// Some sixty megabytes are kept, and a site is built.
test.describe.configure({ timeout: 240_000 });

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => 'glassbox' in globalThis);
  await page.evaluate(() => globalThis.glassbox.ready);
}

/** Until every file that is kept ahead is kept. */
async function kept(page: Page): Promise<string[]> {
  const keys = () =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith('glassbox '));
      const lists = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
      return { names, urls: lists.flat() };
    });
  await expect
    .poll(async () => (await keys()).urls.filter((url) => /pyodide.*\.wasm$|index\.html$/.test(url)).length, { timeout: 60_000 })
    .toBe(2);
  return (await keys()).names;
}

const version = (page: Page) => page.locator('meta[name="glassbox-version"]').getAttribute('content');

/** The same site with one chunk changed, as a deployment does it: nothing of the old version stays. */
async function deploy(dir: string): Promise<void> {
  const asset = (await readdir(join(dir, 'assets'))).find((name) => /^memory-panel-.*\.js$/.test(name))!;
  await build({
    logLevel: 'silent',
    build: { outDir: dir, emptyOutDir: true },
    plugins: [
      {
        name: 'another-version',
        transform: (code, id) => (id.endsWith('memory-panel.tsx') ? `${code}\nglobalThis.memoryPanelOf = 'the new version';` : null),
      },
    ],
  });
  expect(await readdir(join(dir, 'assets'))).not.toContain(asset);
}

test('after one visit everything opens and works with the server gone', async ({ page, site, complaints }) => {
  await open(page, site.url);
  await kept(page);
  await site.stop();
  await expect(fetch(site.url)).rejects.toThrow();

  for (const address of [site.url, `${site.url}index.html#/scheduler`, site.url]) {
    await open(page, address);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  }
  const results = await page.evaluate(
    async (python) => {
      const { client } = globalThis.glassbox;
      const generated = await client.post('model', 'generate', {
        prompt: 'Once upon a time',
        max_new_tokens: 8,
        temperature: 0,
        ignore_eos: true,
      });
      const document = (await (await fetch('api/openapi.json')).json()) as { openapi: string };
      const patch = await client.put('code', 'resources/{id}', {
        ...{ id: 'model.attention', source: python, language: 'python' as const, validate_only: true, time_limit_ms: 60_000 },
      });
      return [client.mode, generated.usage.completion_tokens, document.openapi, patch.failed];
    },
    await readFile('src/ui/code/starters/attention.window-16-python.py.txt', 'utf8'),
  );
  expect(results).toEqual(['restful', 8, '3.1.0', 0]);
  const views = await page.locator('nav a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).hash));
  for (const view of [...views, '#/api/model/generate']) {
    await page.evaluate((hash) => (location.hash = hash), view);
    await expect(page.getByRole('status', { name: 'Loading panel' })).toHaveCount(0);
    await expect(page.getByRole('main')).not.toContainText('Try again');
  }
  await page.getByText('JSON', { exact: true }).first().click();
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
  // An address of the API in a tab is answered here too, and so is the contract with no tab left.
  await page.goto(`${site.url}api/openapi.json`);
  expect(await page.locator('body').textContent()).toContain('"openapi":"3.1.0"');
  await page.goto(`${site.url}api/model/info`);
  await expect(page.getByRole('heading')).toHaveText('No workbench is open that could answer');
  complaints.splice(0);
});

test('a new version: an old tab goes on with its own files and is told, a new one has the new, the old is swept away', async ({
  context,
  page,
  site,
  complaints,
}) => {
  await open(page, site.url);
  const old = (await version(page))!;
  const [first] = await kept(page);
  expect(first).toContain(old);
  const stream = longStream(page);
  await deploy(site.dir);

  const fresh = await newTab(context, site.url);
  expect(await version(fresh)).not.toBe(old);
  await fresh.evaluate(() => (location.hash = '#/memory'));
  await expect.poll(() => fresh.evaluate(() => (globalThis as { memoryPanelOf?: string }).memoryPanelOf)).toBe('the new version');

  // The tab before: told, whole, and its own panel; what it was doing ended well.
  await expect(page.getByText('There is a new version of Glassbox.')).toBeVisible({ timeout: 60_000 });
  expect(await stream).toBe(200);
  await page.evaluate(() => (location.hash = '#/memory'));
  await expect(page.getByRole('main')).toContainText('Memory');
  expect(await page.evaluate(() => (globalThis as { memoryPanelOf?: string }).memoryPanelOf)).toBeUndefined();
  const answer = await page.evaluate(async () => (await fetch('api/tokenizer/info')).status);
  expect(answer).toBe(200);

  // While it lives its files stay; after that they go.
  await expect.poll(async () => (await kept(fresh)).length).toBe(2);
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect.poll(() => version(page)).toBe(await version(fresh));
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 60_000 }).toBe(1);
  complaints.splice(0);
});

test('a file that does not belong to the version is never kept, and a full disk breaks nothing', async ({ page, site, complaints }) => {
  const model = join(site.dir, 'models/default/generation_config.json');
  await writeFile(model, '{}');
  await open(page, site.url);
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 30_000 }).toBe(1);
  const answer = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => resolve(data);
        navigator.serviceWorker.controller!.postMessage({ glassbox: 'keep' }, [port2]);
      }),
  );
  expect(answer).toMatchObject({ why: 'models/default/generation_config.json is of another version' });
  expect(await page.evaluate(async () => (await caches.match(`${location.href}index.html`)) ?? null)).toBeNull();

  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(site.url).origin, quotaSize: 1 });
  await open(page, site.url);
  expect(await page.evaluate(async () => (await fetch('api/tokenizer/info')).status)).toBe(200);
  expect(complaints.splice(0)).toEqual([]);
});

test('what was put in the place of a kept file costs a fetch, and nothing else', async ({ page, site }) => {
  await open(page, site.url);
  await kept(page);
  const spoiled = await page.evaluate(async () => {
    const [name] = (await caches.keys()).filter((each) => each.startsWith('glassbox '));
    const cache = await caches.open(name!);
    const all = (await cache.keys()).filter(({ url }) => /\.(js|css|html)$/.test(url));
    await Promise.all(
      all.map(({ url }) => cache.put(url, new Response('export const t = 1;', { headers: { 'content-type': 'text/javascript' } }))),
    );
    return all.length;
  });
  expect(spoiled).toBeGreaterThan(20);
  await open(page, site.url);
  // Whole again, so that the next visit needs no network.
  await expect
    .poll(
      () =>
        page.evaluate(async () => {
          const [name] = (await caches.keys()).filter((each) => each.startsWith('glassbox '));
          const cache = await caches.open(name!);
          const page = await (await cache.match(`${location.href.split('#')[0]}index.html`))?.text();
          return page?.includes('glassbox-version') ?? false;
        }),
      { timeout: 60_000 },
    )
    .toBe(true);
  await site.stop();
  await open(page, site.url);
});

async function newTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await open(page, url);
  return page;
}

/** Tokens of a stream that lasts a few seconds. */
const longStream = (page: Page) =>
  page.evaluate(async () => {
    const response = await fetch('api/model/generate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'Once', max_new_tokens: 200, ignore_eos: true, stream: true, temperature: 0 }),
    });
    return (await response.text()).split('event: token').length - 1;
  });
