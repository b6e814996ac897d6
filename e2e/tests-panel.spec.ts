/** The tests panel as a person drives it: run, look, filter, write a case, compare transports, watch, and take the results away. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { serviceNames } from '../src/contract/index.ts';
import { type App, expect, test } from './support.ts';

const option = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(`^\\S.*${name}`) }).first();
const detail = (page: Page, name: string) => page.getByRole('article', { name });

async function openTests(app: App) {
  await app.open('#/tests');
  await expect(app.page.getByRole('option').nth(100)).toBeAttached();
}

/** A case of one's own that cannot pass, written in the editor. */
async function addFailingCase(page: Page, name: string) {
  await page.getByRole('button', { name: 'Add a case' }).click();
  const editor = page.getByRole('dialog');
  await editor.getByLabel('Name').fill(name);
  await editor.getByLabel('Input').fill('{ "text": "Once upon a time" }');
  await editor.getByRole('button', { name: 'Call now' }).click();
  const output = editor.getByLabel('Expected output');
  await expect(output).toHaveValue(/input_ids/);
  const answer = JSON.parse(await output.inputValue()) as { input_ids: number[] };
  await output.fill(JSON.stringify({ input_ids: [...answer.input_ids.slice(0, -1), 7] }));
  await editor.getByRole('button', { name: 'Keep this case' }).click();
}

test('a service is run, a case is looked into, and its past outlives the page', async ({ app }) => {
  const { page } = app;
  await openTests(app);
  await page.getByRole('button', { name: 'Run tokenizer' }).click();
  const services = page.getByRole('region', { name: 'Tokenizer' });
  await expect(services).toContainText(/30\/30|passed/);
  await expect(page.getByText(/^\d+ passed, 0 failed/).first()).toBeVisible();

  await option(page, 'plain text').click();
  const shown = detail(page, 'plain text');
  await expect(shown.getByRole('region', { name: 'Validation rules' })).toContainText('size(output.input_ids)');
  await expect(shown.getByRole('img', { name: /^The last 1 runs: 0 failed/ })).toBeVisible();
  await expect(shown.getByRole('link', { name: 'Open in explorer' })).toHaveAttribute('href', /#\/api\/tokenizer\/tokenize\?input=/);

  // The keyboard: down, run, up.
  await option(page, 'plain text').press('j');
  await expect(detail(page, 'empty text')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(detail(page, 'empty text').getByRole('img', { name: /^The last 2 runs/ })).toBeVisible();
  await page.keyboard.press('k');
  await expect(shown).toBeVisible();

  await page.reload();
  await page.evaluate(() => globalThis.glassbox.ready);
  await expect(shown).toContainText('It passed in an earlier visit');
  await shown.getByRole('link', { name: 'Open in explorer' }).click();
  await expect(page.getByRole('heading', { name: /tokenizer\/tokenize/ })).toBeVisible();
});

test('an own case fails with a diff, is filtered, edited until it passes, and is kept', async ({ app }) => {
  const { page } = app;
  await openTests(app);
  await addFailingCase(page, 'ends in seven');
  const shown = detail(page, 'ends in seven');
  await shown.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(shown.getByText('failed', { exact: true }).first()).toBeVisible();
  await expect(shown.getByRole('group', { name: 'Expected against actual' })).toContainText('fields not checked');
  await expect(shown.getByRole('region', { name: 'What is wrong' })).toContainText(/expected 7, got \d+/);

  await page.getByRole('option').first().focus();
  await page.keyboard.press('f');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('f');

  await shown.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Call now' }).click();
  await expect(page.getByRole('dialog').getByLabel('Expected output')).toHaveValue(/attention_mask/);
  // A rule is refused before it is kept, at its place and with the name that was meant.
  const rules = page.getByRole('dialog').getByLabel('Validation rules');
  await rules.fill('{ "input_ids_length": "len(txt) + 2" }');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep this case' }).click();
  await expect(rules).toHaveAccessibleDescription(/Unknown name txt at character 5; did you mean text\?/);
  await rules.fill('{ "input_ids_length": "len(text) - 11", "masked": "output.attention_mask.all(m, m == 1)" }');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep this case' }).click();
  await expect(shown).toContainText('have changed since this result');
  await shown.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(shown.getByText('passed', { exact: true }).first()).toBeVisible();
  await expect(shown.getByRole('region', { name: 'Validation rules' })).toContainText('len(text) - 11');

  await page.reload();
  await page.evaluate(() => globalThis.glassbox.ready);
  await expect(detail(page, 'ends in seven')).toContainText('It passed in an earlier visit');
});

test('both transports are compared, watching runs again what a switch touches, and a run is stopped', async ({ app }) => {
  const { page } = app;
  await openTests(app);
  await page.getByRole('switch', { name: 'Both transports' }).click();
  await option(page, 'plain text').click();
  await page.keyboard.press('Enter');
  await expect(detail(page, 'plain text').getByRole('region', { name: 'Both transports' })).toContainText('Both gave the same answer.');
  await page.getByRole('switch', { name: 'Both transports' }).click();

  await page.getByRole('switch', { name: 'Watch' }).click();
  await page.evaluate(() => globalThis.glassbox.client.enableRestfulMode(false));
  await expect(page.getByText(/^\d+ of \d+ ·/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/Stopped after \d+ of \d+/).first()).toBeVisible();
  await expect(page.getByText(/cases again: calls go direct/)).toBeVisible();
});

test('the results go out as JUnit XML and JSON', async ({ app }) => {
  const { page } = app;
  await openTests(app);
  await page.getByRole('button', { name: 'Run memory' }).click();
  await expect(page.getByText(/^\d+ passed, 0 failed/).first()).toBeVisible();
  const save = async (format: string) => {
    await page.getByRole('button', { name: 'Export the results' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format }).click()]);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const xml = await save('JUnit XML');
  expect(xml.name).toBe('glassbox-tests.xml');
  const suites = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'application/xml');
    return Array.from(parsed.querySelectorAll('testsuite'), (suite) => [suite.getAttribute('name'), suite.getAttribute('failures')]);
  }, xml.text);
  expect(suites).toContainEqual(['memory', '0']);
  expect(suites).toHaveLength(serviceNames.length);
  const report = JSON.parse((await save('JSON')).text) as { cases: { service: string; verdict: string }[] };
  expect(report.cases.filter(({ service }) => service === 'memory').every(({ verdict }) => verdict !== 'not_run')).toBe(true);
});

test('at 390 px a case takes the place of the list, and a button leads back', async ({ app }) => {
  const { page } = app;
  await page.setViewportSize({ width: 390, height: 844 });
  await openTests(app);
  await option(page, 'plain text').click();
  await detail(page, 'plain text').getByRole('button', { name: 'Run', exact: true }).click();
  await expect(detail(page, 'plain text').getByRole('region', { name: 'Last runs' })).toBeVisible();
  await page.getByRole('button', { name: 'All cases' }).click();
  await expect(option(page, 'plain text')).toBeVisible();
});
