/** What a full or a denied disk does to the requests under way, in the browser's own file system: nothing but a reason. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumArguments, findChromium } from '../scripts/browser.mjs';
import { SITE_URL } from './server.ts';
import { expect, test } from './support.ts';

/** Eight greedy streams over a pool that holds about three of them, the rest swapped to disk. */
const runOnDisk = (page: Page, withDisk: boolean) =>
  page.evaluate(async (withDisk) => {
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    await client.put('scheduler', 'policy', { preemption: 'swap' });
    await client.put('memory', 'config', {
      tiers: withDisk
        ? [
            { name: 'gpu', capacity_blocks: 20 },
            { name: 'disk', capacity_blocks: 64 },
          ]
        : [{ name: 'gpu', capacity_blocks: 512 }],
    });
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        client.post('model', 'generate', {
          input_ids: Array.from({ length: 24 }, (_, t) => (i * 131 + t * 17) % 1900),
          max_new_tokens: 60,
          temperature: 0,
          ignore_eos: true,
        }),
      ),
    );
    const { tiers, swapped_out_blocks } = await client.get('memory', 'stats');
    const { blocks } = await client.get('memory', 'allocations');
    return {
      texts: results.map(({ choices }) => choices[0]!.token_ids),
      disk: tiers.find(({ name }) => name === 'disk'),
      held: tiers[0]!.used_blocks,
      swapped: swapped_out_blocks,
      blocks,
    };
  }, withDisk);

test('a full disk closes its tier with the reason, and every request goes on to the same tokens', async ({ app }) => {
  await app.open();
  const { page } = app;
  const alone = await runOnDisk(page, false);
  const roomy = await runOnDisk(page, true);
  expect(roomy.swapped, 'the disk is used').toBeGreaterThan(0);
  expect(roomy.disk?.error).toBeNull();
  expect(roomy.texts).toEqual(alone.texts);

  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(SITE_URL).origin, quotaSize: 1 });
  await page.evaluate(() => globalThis.glassbox.client.put('memory', 'config', { tiers: [{ name: 'gpu', capacity_blocks: 20 }] }));
  const full = await runOnDisk(page, true);
  expect(full.texts).toEqual(alone.texts);
  expect(full.disk?.error).toMatch(/^The disk .* is full\.$/);
  expect([full.held, full.disk?.used_blocks, full.blocks], 'nothing stays held').toEqual([0, 0, 0]);

  // The panel says it too, and the tier opens again once there is room.
  await page.evaluate(() => (location.hash = '#/memory'));
  await expect(page.getByRole('main')).toContainText('is full');
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(SITE_URL).origin });
  const again = await runOnDisk(page, true);
  expect(again.disk?.error).toBeNull();
  expect(again.texts).toEqual(alone.texts);
});

test('records of another shape cost nothing: the page starts, lists what it can read, and writes', async ({ app }) => {
  await app.open();
  const { page } = app;
  await page.evaluate(async () => {
    const put = (name: string, store: string, records: object[]) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onerror = () => reject(request.error!);
        request.onsuccess = () => {
          const transaction = request.result.transaction(store, 'readwrite');
          for (const record of records) transaction.objectStore(store).put(record);
          transaction.oncomplete = () => resolve(request.result.close());
        };
      });
    await globalThis.glassbox.client.get('computation', 'plans');
    await globalThis.glassbox.client.get('computation', 'experiments');
    await put('glassbox-code', 'resources', [{ id: 'sampler' }, { id: 'model.mlp', inForce: 'x', revisions: [{ revisionId: 'x' }] }]);
    await put('glassbox-starts', 'starts', [{ id: 'a' }, { id: 'b', tried: [null] }]);
    await put('glassbox-computation', 'plans', [{ id: 'x1' }, { id: 'x2', name: 5 }]);
    await put('glassbox-computation', 'experiments', [{ id: 'x1' }, { id: 'x2', runs: null }]);
    localStorage.setItem('glassbox-model', '{"a":[null,5],"version":99}');
  });
  await app.open();
  const listed = await page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { resources } = await client.get('code', 'resources', { patched: true });
    const { plans } = await client.get('computation', 'plans');
    const { experiments } = await client.get('computation', 'experiments');
    await client.put('code', 'resources/{id}', {
      id: 'sampler',
      source: 'export default (logits) => logits.indexOf(Math.max(...logits));',
    });
    const { choices } = await client.post('model', 'generate', { prompt: 'Once', max_new_tokens: 4, ignore_eos: true });
    return [resources.length, plans.map(({ id }) => id), experiments.length, choices[0]!.token_ids.length];
  });
  expect(listed).toEqual([0, ['default'], 0, 4]);
  await expect(page.getByText(/undefined/)).toHaveCount(0);
});

/** How a request for a database ended, and whether it had to wait for somebody. */
const asked = (page: Page, name: string, version: number | null) =>
  page.evaluate(
    ([name, version]) =>
      new Promise<string>((resolve) => {
        const request = version === null ? indexedDB.deleteDatabase(name) : indexedDB.open(name, version);
        request.onblocked = () => resolve('blocked');
        request.onerror = () => resolve(`failed: ${request.error?.name}`);
        request.onsuccess = () => {
          request.result?.close();
          resolve('done');
        };
      }),
    [name, version] as const,
  );

const DATABASES = ['glassbox-code', 'glassbox-computation', 'glassbox-starts'];

/** A patch and a plan, written now. */
const write = (page: Page, name: string) =>
  page.evaluate(async (name) => {
    const { client } = globalThis.glassbox;
    await client.put('code', 'resources/{id}', {
      id: 'sampler',
      source: `export default (logits) => logits.indexOf(Math.max(...logits)); // ${name}`,
    });
    await client.post('computation', 'plans', { id: name, name });
  }, name);

/** The sources of the sampler that are kept, by their last word, and the plans. */
const written = (page: Page) =>
  page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { revisions } = await client.get('code', 'resources/{id}/revisions', { id: 'sampler' });
    const { plans } = await client.get('computation', 'plans');
    return { revisions: revisions.filter(({ built_in }) => !built_in).length, plans: plans.map(({ id }) => id) };
  });

test('a database that is deleted under the page goes at once, and what is written after it stays', async ({ app }) => {
  await app.open();
  const { page } = app;
  await write(page, 'before');
  for (const name of DATABASES) expect(await asked(page, name, null), name).toBe('done');
  // One that somebody looked at in between is there, and empty.
  expect(await asked(page, 'glassbox-computation', 1)).toBe('done');
  await write(page, 'after');
  expect((await written(page)).plans, 'the session goes on').toEqual(['default', 'before', 'after']);
  await app.open('?');
  expect(await written(page)).toEqual({ revisions: 1, plans: ['default', 'after'] });
});

test('data of a newer version stay, and the page says whose they are', async ({ app }) => {
  await app.open();
  const { page } = app;
  await write(page, 'mine');
  for (const name of DATABASES) expect(await asked(page, name, 7), name).toBe('done');
  await app.open('?');
  await write(page, 'here');
  expect(await written(page)).toEqual({ revisions: 1, plans: ['default', 'here'] });
  await expect(page.getByText(/was written by a newer version of Glassbox/)).toBeVisible();
  await expect(page.getByText('The browser keeps nothing')).toHaveCount(0);
  const kept = await page.evaluate(
    () =>
      new Promise<unknown[]>((resolve) => {
        const request = indexedDB.open('glassbox-computation');
        request.onsuccess = () => {
          const all = request.result.transaction('plans').objectStore('plans').getAllKeys();
          all.onsuccess = () => resolve(all.result);
        };
      }),
  );
  expect(kept).toEqual(['mine']);
});

test('where the browser denies storage the page serves in direct mode, and says why there is no disk tier', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'profile-'));
  await mkdir(join(profile, 'Default'));
  // "Block all cookies": no OPFS, no IndexedDB, no service worker.
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: (await findChromium()).path,
    args: chromiumArguments,
  });
  try {
    const page = await context.newPage();
    await page.goto(SITE_URL);
    await page.waitForFunction(() => 'glassbox' in globalThis);
    await page.evaluate(() => globalThis.glassbox.ready);
    const denied = await page.evaluate(async () => {
      await navigator.storage.getDirectory().then(
        () => Promise.reject(new Error('This browser does not deny storage.')),
        () => {},
      );
      const { client } = globalThis.glassbox;
      const problem = await client
        .put('memory', 'config', {
          tiers: [
            { name: 'gpu', capacity_blocks: 20 },
            { name: 'disk', capacity_blocks: 64 },
          ],
        })
        .catch((error: unknown) => error as { message: string; status: number });
      const { choices } = await client.post('model', 'generate', { input_ids: [1, 2, 3], max_new_tokens: 8, ignore_eos: true });
      return { problem: 'status' in problem ? [problem.status, problem.message] : problem, tokens: choices[0]!.token_ids.length };
    });
    expect(denied.problem).toEqual([409, expect.stringMatching(/^The disk tier can't be opened: .*denied.* Nothing was changed\.$/)]);
    expect(denied.tokens).toBe(8);
    await expect(page.getByText('The browser denies this site its storage')).toBeVisible();

    // What lasts as long as the page outlives the worker.
    await page.evaluate(async () => {
      const { client } = globalThis.glassbox;
      await client.put('code', 'resources/{id}', {
        id: 'sampler',
        source: 'export default (logits) => logits.indexOf(Math.max(...logits));',
      });
      await client.put('code', 'resources/{id}', { id: 'script.mine', source: 'print(1);' });
      await client.post('computation', 'plans', { name: 'Mine' });
    });
    const written = () =>
      page.evaluate(async () => {
        const { client } = globalThis.glassbox;
        const { resources } = await client.get('code', 'resources');
        const { plans } = await client.get('computation', 'plans');
        return [
          resources.filter(({ id, patched }) => patched || id.startsWith('script.')).map(({ id }) => id),
          plans.map(({ name }) => name),
        ];
      });
    const before = await written();
    expect(before).toEqual([['sampler', 'script.mine'], expect.arrayContaining(['Mine'])]);
    const light = page.getByRole('button', { name: /^Transport health/ });
    await light.click();
    await page.getByRole('button', { name: 'Restart worker' }).click();
    await expect.poll(() => page.evaluate(() => globalThis.glassbox.client.health.starts)).toBe(2);
    expect(await written()).toEqual(before);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
});
