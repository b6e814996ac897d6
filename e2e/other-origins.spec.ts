/** What a page of another origin, or of another folder of this one, can do to an open workbench: nothing. */
import type { BrowserContext, Page } from '@playwright/test';
import { SITE_PORT, SITE_URL, WEIGHTS_PORT } from './server.ts';
import { expect, test } from './support.ts';

const ELSEWHERE = {
  'another site': 'http://elsewhere.test/',
  'another port of this host': `http://localhost:${WEIGHTS_PORT}/page.html`,
  'another folder of this origin': `http://localhost:${SITE_PORT}/neighbour/page.html`,
};
const GREEDY = 'export default (logits) => logits.indexOf(Math.max(...logits));';

/** What calls with an empty body would change. */
const stateOf = (page: Page) =>
  page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { resources } = await client.get('code', 'resources');
    const { experiments } = await client.get('computation', 'experiments');
    const { plans } = await client.get('computation', 'plans');
    return [resources.filter(({ patched }) => patched).map(({ id }) => id), experiments.length, plans.length];
  });

async function openElsewhere(context: BrowserContext, url: string): Promise<Page> {
  await context.route(url, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Elsewhere</title>' }));
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

for (const [where, url] of Object.entries(ELSEWHERE))
  test(`${where}: no form, frame, picture, beacon or fetch changes what a workbench holds`, async ({ app }) => {
    await app.open('#/memory');
    await app.page.evaluate(async (source) => {
      const { client } = globalThis.glassbox;
      await client.put('code', 'resources/{id}', { id: 'sampler', source });
    }, GREEDY);
    const before = await stateOf(app.page);
    expect(before[0]).toEqual(['sampler']);

    const context = app.page.context();
    for (const path of ['api/code/resources/sampler/revert', 'api/computation/experiments'])
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        const other = await openElsewhere(context, url);
        const sent = other.waitForResponse(SITE_URL + path);
        await other.evaluate(
          ([action, enctype]) => {
            const form = Object.assign(document.createElement('form'), { method: 'post', action, enctype });
            document.body.append(form);
            form.submit();
          },
          [SITE_URL + path, type] as const,
        );
        expect([path, type, (await sent).status()]).toEqual([path, type, 405]);
        await expect(other.getByRole('heading')).toHaveText('Nothing was changed');
        expect(await stateOf(app.page)).toEqual(before);
        await other.close();
      }

    // What never reaches the service worker of this folder, or is no call.
    const other = await openElsewhere(context, url);
    await other.evaluate(async (address) => {
      const settled: Promise<unknown>[] = [];
      for (const method of ['POST', 'PUT', 'DELETE'])
        for (const mode of ['no-cors', 'cors'] as const) settled.push(Promise.resolve().then(() => fetch(address, { method, mode })));
      navigator.sendBeacon(address);
      for (const [tag, name] of [
        ['img', 'src'],
        ['script', 'src'],
        ['iframe', 'src'],
      ] as const) {
        const element = document.createElement(tag);
        settled.push(new Promise((resolve) => ['load', 'error'].forEach((event) => element.addEventListener(event, resolve))));
        element.setAttribute(name, address);
        document.body.append(element);
      }
      document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: address }));
      await Promise.allSettled(settled);
    }, `${SITE_URL}api/code/resources/sampler/revert`);
    expect(await stateOf(app.page)).toEqual(before);
    await other.close();
    await app.page.evaluate(async () => void (await globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'sampler' })));
  });
