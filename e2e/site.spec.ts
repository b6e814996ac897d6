/** What stands around the app: addresses of the API opened in a tab, a stopped service worker, the policy, frames. */
import { readFile } from 'node:fs/promises';
import { chromium, type Page } from '@playwright/test';
import { chromiumArguments, findChromium } from '../scripts/browser.mjs';
import { serve } from '../scripts/serve.mjs';
import { SITE_URL, WEIGHTS_URL } from './server.ts';
import { expect, test } from './support.ts';

async function stopServiceWorker(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.stopAllWorkers');
  await devtools.detach();
}

/** What a plain fetch of the page gets: status and type. */
const plainFetch = (page: Page, path: string) =>
  page.evaluate(async (address) => {
    const response = await fetch(address);
    return [response.status, response.headers.get('content-type')?.split(';')[0]];
  }, path);

test('a plain fetch works after the browser stopped the service worker, again and again', async ({ app }) => {
  await app.open();
  // A browser stops one that has nothing to do, and this way of stopping it breaks off what is under way: so nothing of the page's own is.
  await app.page.evaluate(() => globalThis.glassbox.client.enableRestfulMode(false));
  await app.page.waitForLoadState('networkidle');
  await app.page.waitForTimeout(2000);
  for (let i = 0; i < 3; i++) {
    await stopServiceWorker(app.page);
    expect(await plainFetch(app.page, 'api/tokenizer/info')).toEqual([200, 'application/json']);
  }
  // A stream too, and from beside: two at once while nobody is known yet.
  await stopServiceWorker(app.page);
  const [text, status] = await app.page.evaluate(() =>
    Promise.all([
      fetch('api/model/generate', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"prompt":"Once","max_new_tokens":4,"stream":true}',
      }).then((response) => response.text()),
      fetch('api').then((response) => response.status),
    ]),
  );
  expect(text).toContain('event: done');
  expect(status).toBe(200);
  expect(await app.page.evaluate(() => globalThis.glassbox.client.health.revived)).toBe(0);
});

test('an address of the API in a tab: the answer while a workbench is open, else what it is and the way to it', async ({ app }) => {
  const { page } = app;
  const context = page.context();
  // A first visit: nothing but the host answers.
  for (const path of ['api', 'api/', 'api/model/info', 'api/model/info/', 'api/model/generate']) {
    const response = await page.goto(SITE_URL + path);
    expect([path, response?.status()]).toEqual([path, 200]);
    const link = page.getByRole('link', { name: /Open it in the workbench|Open the workbench/ }).first();
    expect(new URL((await link.getAttribute('href'))!, page.url()).href).toBe(`${SITE_URL}#/${path.replace(/\/$/, '')}`);
  }
  const document = (await (await page.goto(`${SITE_URL}api/openapi.json`))!.json()) as { openapi: string };
  expect(document.openapi).toBe('3.1.0');

  await app.open();
  const live = (await page.evaluate(async () => (await fetch('api/openapi.json')).json())) as object;
  expect(document, 'the file and the answer are one document').toEqual(live);

  // With the workbench in another tab, hidden or not, and the service worker just stopped.
  const tab = await context.newPage();
  for (const stopped of [false, true]) {
    if (stopped) await stopServiceWorker(page);
    const response = await tab.goto(`${SITE_URL}api/model/info`);
    expect(response!.headers()['content-type']).toContain('application/json');
    expect(((await response!.json()) as { data: { state: { status: string } } }).data.state.status).toBe('ready');
  }
  const post = await tab.goto(`${SITE_URL}api/model/generate`);
  expect(post!.status()).toBe(405);
  await expect(tab.getByRole('heading')).toHaveText('This endpoint takes POST');
  const unknown = await tab.goto(`${SITE_URL}api/no/such`);
  expect([unknown!.status(), unknown!.headers()['content-type']]).toEqual([404, 'application/problem+json']);
  await tab.goto(`${SITE_URL}api/model/generations/abc`);
  await expect(tab.locator('body')).toContainText('not_found');

  // And with no workbench left.
  await page.goto('about:blank');
  const alone = await tab.goto(`${SITE_URL}api/model/generations/abc`);
  expect(alone!.status()).toBe(503);
  await expect(tab.getByRole('heading')).toHaveText('No workbench is open that could answer');
  await tab.getByRole('link', { name: 'Open it in the workbench' }).first().click();
  await expect(tab).toHaveURL(`${SITE_URL}#/api/model/generation`);
  await expect(tab.getByRole('button', { name: 'Transport health: Ready' })).toBeVisible();
  app.complaints.splice(0);
});

test('an address of the API in a tab while the open workbench hangs: it is not said to be absent', async ({ app }) => {
  const { page } = app;
  await app.open();
  // Until the loop is on, the workbench answers.
  await page.evaluate(
    () =>
      new Promise<void>((begun) => {
        const input = { source: "print('begun');\nfor (;;) {}", stream: true };
        void globalThis.glassbox.client.send('code', 'run', input, { mode: 'direct', onEvent: () => begun() });
      }),
  );
  const tabs = await Promise.all([page.context().newPage(), page.context().newPage()]);
  const [info, contract] = tabs.map((tab, i) => tab.goto(SITE_URL + ['api/model/info', 'api/openapi.json'][i]));
  expect((await info)!.status()).toBe(503);
  await expect(tabs[0].getByRole('heading', { name: 'The workbench does not answer' })).toBeVisible();
  await expect(tabs[0].getByText('One is open, and gave no answer in time')).toBeVisible();
  // What the build has of it needs no workbench.
  expect(await (await contract)!.json()).toMatchObject({ openapi: '3.1.0' });

  await page.getByRole('button', { name: 'Restart worker' }).first().click();
  await expect(page.getByRole('button', { name: 'Transport health: Ready' })).toBeVisible();
  expect((await tabs[0].reload())!.status()).toBe(200);
  await Promise.all(tabs.map((tab) => tab.close()));
  app.complaints.splice(0);
});

test('with the policy, by header and by meta, the console is clean over all views, and what is put in does not run', async () => {
  const site = await serve({ headers: true, base: '/headers/' });
  const browser = await chromium.launch({ executablePath: (await findChromium()).path, args: chromiumArguments });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const response = await page.goto(site.url);
    expect(response!.headers()['content-security-policy']).toContain("frame-ancestors 'self'");
    await page.waitForFunction(() => 'glassbox' in globalThis);
    await page.evaluate(() => globalThis.glassbox.ready);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated), 'isolated at the first load').toBe(true);
    const views = await page.locator('nav a').evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).hash));
    expect(views.length).toBeGreaterThan(6);
    for (const view of [...views, '#/api/model/generate']) {
      await page.evaluate((hash) => (location.hash = hash), view);
      await expect(page.getByRole('status', { name: 'Loading panel' })).toHaveCount(0);
      await page.waitForLoadState('networkidle');
    }
    await page.getByText('JSON', { exact: true }).first().click();
    await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible();
    // What the opened sources are for: a patch, a fragment in Python, a script and a model of another server.
    const python = await readFile('src/ui/code/starters/attention.window-16-python.py.txt', 'utf8');
    const done = await page.evaluate(
      async ([source, elsewhere]) => {
        const { client } = globalThis.glassbox;
        const patch = { validate_only: true, message: '', time_limit_ms: 60_000 };
        const resource = 'model.attention';
        return [
          (await client.put('code', 'resources/{id}', { ...patch, id: 'script.policy', source: 'print(1);' })).failed,
          (await client.put('code', 'resources/{id}', { ...patch, id: resource, source: source!, language: 'python' })).failed,
          (await client.post('code', 'run', { source: 'return (await client.get("memory", "stats")).blocks?.length ?? 1' })).prints,
          (await client.put('model', 'weights', { source: { kind: 'url', url: elsewhere! } })).format,
        ];
      },
      [python, `${WEIGHTS_URL}llama-gqa-tied/`],
    );
    expect(done).toEqual([0, 0, 0, 'safetensors']);
    expect(complaints).toEqual([]);

    const ran = await page.evaluate(async () => {
      const marks = globalThis as { ran?: string[] };
      marks.ran = [];
      const element = document.createElement('script');
      element.textContent = 'globalThis.ran.push("inline")';
      document.body.append(element);
      const place = document.createElement('div');
      place.innerHTML =
        '<img src="data:," onerror="globalThis.ran.push(\'handler\')"><a href="javascript:globalThis.ran.push(\'address\')">x</a>';
      document.body.append(place);
      place.querySelector('a')!.click();
      const remote = document.createElement('script');
      remote.src = 'data:text/javascript,globalThis.ran.push("data")';
      document.body.append(remote);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return marks.ran;
    });
    expect(ran).toEqual([]);
    expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(3);
  } finally {
    await browser.close();
    site.close();
  }
});

test('no page that the build writes has a script in it', async ({ app }) => {
  for (const path of ['', 'api/index.html', 'api/model/generate.html']) {
    const text = await (await app.page.request.get(SITE_URL + path)).text();
    expect(text).toContain('http-equiv="Content-Security-Policy"');
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=/);
  }
});

test('inside a page of another origin the workbench does not start, with the header it is not even shown', async ({ app }) => {
  const plain = await serve({ base: '/plain/' });
  const served = await serve({ base: '/headers/', headers: true });
  try {
    for (const [url, text] of [
      [plain.url, 'does not run inside a page of another site'],
      [served.url, ''],
    ] as const) {
      await app.page.goto(`${SITE_URL}licenses.md`);
      await app.page.evaluate((address) => {
        const frame = document.createElement('iframe');
        frame.src = address;
        document.body.replaceChildren(frame);
      }, url);
      const frame = app.page.frames().at(-1)!;
      if (text) {
        await expect(frame.locator('#root')).toContainText(text);
        await expect(frame.getByRole('link')).toHaveAttribute('href', url);
      } else await expect(frame.locator('#root')).toHaveCount(0);
      expect(await frame.evaluate(() => 'glassbox' in globalThis).catch(() => false)).toBe(false);
    }
    // A page of the same origin may show it.
    await app.page.goto(`${plain.url}licenses.md`);
    await app.page.evaluate((address) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.replaceChildren(frame);
    }, plain.url);
    await expect(app.page.frameLocator('iframe').getByRole('navigation', { name: 'Panels' })).toBeVisible();
  } finally {
    plain.close();
    served.close();
  }
  app.complaints.splice(0);
});
