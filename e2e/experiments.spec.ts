/** The experiments view as a person drives it: a preset, a run that is stopped and goes on, its table and plot, files, a link, and what outlives a reload. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support.ts';

const VIEW = '#/computation/experiments';

const parts = (page: Page) => ({
  form: page.getByRole('complementary', { name: 'New experiment' }),
  opened: page.getByRole('region', { name: 'Experiment', exact: true }),
  list: page.getByRole('region', { name: 'Experiments', exact: true }),
  runs: page.getByRole('region', { name: 'Runs', exact: true }),
  run: page.getByRole('button', { name: /^Run \d+ runs?$/ }),
});

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => 'glassbox' in globalThis);
  await page.evaluate(() => globalThis.glassbox.ready);
}

async function download(page: Page, file: string): Promise<string> {
  await parts(page).opened.getByRole('button', { name: 'Export' }).click();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: file }).click()]);
  return readFile(await saved.path(), 'utf8');
}

test('a preset runs, is stopped, goes on, and is kept with all that repeating it needs', async ({ app }) => {
  await app.open(VIEW);
  const { page } = app;
  const { form, opened, list, runs, run } = parts(page);
  await page.getByRole('button', { name: 'paged vs static vs dynamic' }).click();
  await form.getByLabel('Values of batch_size').fill('1, 2, 4');
  await form.getByLabel('Repeats').fill('2');
  await form.getByLabel('Text to score').fill('Once upon a time, there was a little girl named Lily.');
  await expect(form.getByRole('status')).toContainText('18 runs: 3 memory_strategy × 3 batch_size × 2 repeats');

  // Stopped in the midst of it: what was measured stays.
  await run.click();
  await expect(opened.getByRole('progressbar', { name: 'Runs done' })).toBeVisible();
  await expect(opened.getByText(/^[1-9]\d* of 18 runs, about .+ to go$/)).toBeVisible();
  await opened.getByRole('button', { name: 'Stop' }).click();
  await expect(opened.getByText('cancelled', { exact: true })).toBeVisible();
  await expect(runs).toContainText('not measured: cancelled');

  await opened.getByRole('button', { name: 'Resume' }).click();
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 90_000 });
  await expect(list).toContainText('18 runs');

  // A row for each combination; sorted by a click.
  const rows = runs.locator('tbody tr');
  await expect(rows).toHaveCount(9);
  await expect(runs).not.toContainText('not measured');
  await runs.getByRole('button', { name: 'peak KV' }).click();
  await expect(runs.getByRole('columnheader', { name: 'peak KV' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(rows.first()).toContainText('paged');
  await expect(rows.first()).toContainText('100.0 %');
  await runs.getByLabel('Each repeat').check({ force: true });
  await expect(rows).toHaveCount(18);

  const plot = page.getByRole('region', { name: 'Plot' });
  await plot.getByLabel('Figure').selectOption('waste');
  await expect(plot.getByRole('img', { name: /waste over batch_size: memory_strategy paged, 3 values/ })).toBeVisible();
  await plot.getByLabel('Over', { exact: true }).selectOption('memory_strategy');
  await expect(plot.getByRole('img', { name: /waste over memory_strategy: batch_size 1, 3 values/ })).toBeVisible();

  const record = page.getByRole('region', { name: 'Record' });
  await expect(record).toContainText(/onnxruntime-web \d/);
  await expect(record).toContainText('seed 0 · 2 repeats · 1 warm-up');

  const csv = (await download(page, 'runs.csv')).split('\n');
  expect(csv).toHaveLength(19);
  expect(csv[0]).toContain('memory_strategy,batch_size');
  const kept = JSON.parse(await download(page, 'experiment.json')) as { id: string; runs: unknown[]; record: { weights_hash: string } };
  expect(kept.runs).toHaveLength(18);
  expect(kept.record.weights_hash).toMatch(/^[0-9a-f]{64}$/);

  // A reload loses nothing, and the address opens the same one.
  await reload(page);
  await expect(opened.getByText('done', { exact: true })).toBeVisible();
  await expect(rows).toHaveCount(9);
});

test('one that a reload cuts off is kept, and goes on where it was', async ({ app }) => {
  await app.open(VIEW);
  const { page } = app;
  const { form, opened, runs, run } = parts(page);
  await page.getByRole('button', { name: 'batch sizes' }).click();
  await form.getByLabel('Values of batch_size').fill('1, 2, 4');
  await form.getByLabel('Repeats').fill('2');
  await expect(run).toHaveText('Run 12 runs');
  await run.click();
  await expect(opened.getByText(/^[1-9]\d* of 12 runs, about .+ to go$/)).toBeVisible();
  await app.open(VIEW);
  await reload(page);
  await expect(opened).toContainText('Cut off by a reload.');
  await expect(runs).toContainText('not measured: cancelled');
  await opened.getByRole('button', { name: 'Resume' }).click();
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 100_000 });
  await expect(runs.locator('tbody tr')).toHaveCount(6);
  await expect(runs).not.toContainText('not measured');
});

test('it is run again, compared with the first, and deleted', async ({ app }) => {
  await app.open(VIEW);
  const { page } = app;
  const { form, opened, list, run } = parts(page);
  await form.getByLabel('Add a field of the plan').selectOption('kernel');
  await form.getByRole('button', { name: 'naive', exact: true }).click();
  await form.getByLabel('Add a field of the plan').selectOption('seq_len');
  await form.getByLabel('Values of seq_len').fill('8, 16');
  await expect(run).toHaveText('Run 4 runs');
  await run.click();
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(opened).toContainText('kernel × seq_len');

  await opened.getByRole('button', { name: 'Run again' }).click();
  await expect(list.getByRole('link')).toHaveCount(2);
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await opened.getByLabel('Compare with').selectOption({ index: 1 });
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison).toContainText('only chance parts them');
  await expect(comparison.getByRole('columnheader', { name: 'B/A' })).toBeVisible();
  await expect(comparison.locator('tbody tr')).toHaveCount(4);
  await expect(comparison.locator('tbody tr').first()).toContainText(/\d\.\d\d ×/);

  await opened.getByRole('button', { name: 'Delete' }).click();
  await opened.getByRole('button', { name: 'Delete for good' }).click();
  await expect(list.getByRole('link')).toHaveCount(1);
});

test('what could not run is said before, and why it failed after', async ({ app }) => {
  await app.open(VIEW);
  const { page } = app;
  const { form, opened, runs, run } = parts(page);
  await form.getByLabel('Add a field of the plan').selectOption('seq_len');
  await form.getByLabel('Values of seq_len').fill('8, 4096');
  await expect(form.getByRole('alert')).toContainText('1 of them could not be made as asked');
  await expect(form.getByRole('alert')).toContainText('the context of default is 512');
  await run.click();
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(runs.locator('tr[data-state="failed"]')).toContainText('the context of default is 512');

  await form.getByLabel('Values of seq_len').fill('8, many');
  await expect(form).toContainText('seq_len must be numbers with commas or spaces between them; it is "8, many".');
});

test('a link carries it whole, and says whether weights and code are the same', async ({ app }) => {
  await app.open(VIEW);
  const { page } = app;
  const { form, opened, run } = parts(page);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await form.getByLabel('Name').fill('to be sent');
  await form.getByLabel('Add a field of the plan').selectOption('batch_size');
  await form.getByLabel('Values of batch_size').fill('1, 2');
  await expect(run).toHaveText('Run 2 runs');
  await run.click();
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await opened.getByRole('button', { name: 'Link' }).click();
  await expect(opened.getByRole('button', { name: /Link/ })).toContainText('Copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#\/computation\/experiments\?experiment=[\w-]+$/);

  await app.open(link.slice(link.indexOf('#')));
  const offer = page.getByRole('region', { name: 'Experiment of the link' });
  await expect(offer).toContainText('to be sent');
  await expect(offer).toContainText('equal default, the same weights.');
  await expect(offer).toContainText('equal built-in, as in the link.');
  await expect(offer).toContainText('2 runs: 2 batch_size');
  await offer.getByRole('button', { name: 'Run it' }).click();
  await expect(opened.getByText('done', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(parts(page).list.getByRole('link')).toHaveCount(2);

  await app.open(`${VIEW}?experiment=broken`);
  await expect(page.getByRole('region', { name: 'Experiment of the link' })).toContainText('cannot be read');
});
