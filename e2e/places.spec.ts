/** Every address leads somewhere or says that it doesn't, and Ctrl-K leads to all there is. */
import type { Page } from '@playwright/test';
import { expect, test } from './support.ts';

const go = (page: Page, hash: string) => page.evaluate((to) => (globalThis.location.hash = to), hash);

async function find(page: Page, query: string) {
  await page.keyboard.press('Control+K');
  const box = page.getByRole('dialog').getByRole('textbox').or(page.getByRole('dialog').getByRole('combobox')).first();
  await box.fill(query);
  // Results are ranked a moment after the letters.
  await expect(page.getByRole('dialog').getByRole('button').or(page.getByRole('dialog').getByRole('option')).first()).toBeVisible();
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
}

test('the playground is the first page, and an address that leads nowhere says so and where one can go', async ({ app }) => {
  const { page } = app;
  await app.open();
  await expect(page).toHaveURL(/#\/playground$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Playground' })).toBeVisible();

  const nowhere: [hash: string, says: string, link: string][] = [
    ['#/playgruond', 'There is no page “playgruond”', 'Playground'],
    ['#/memory/map', 'There is no page “memory/map”', 'Memory'],
    ['#/playground/temprature', 'There is no parameter “temprature”', 'temperature'],
    ['#/api/model/genrate', 'There is no endpoint “model/genrate”', 'POST /model/generate'],
    ['#/scripts/nobody', 'There is no script “nobody”', 'Run every example'],
    ['#/code/samplr', 'There is no code resource “samplr”', 'Sampler'],
    ['#/computation/kernel', 'There is no view of computation “kernel”', 'Kernels'],
    ['#/computation/kernels/wgsl.softmx', 'There is no kernel “wgsl.softmx”', 'Softmax'],
    ['#/computation/plans/mine', 'There is no plan “mine”', ''],
    ['#/computation/experiments?id=gone', 'There is no experiment “gone”', ''],
    ['#/scheduler/workload', 'There is no view of the scheduler “workload”', 'Workloads'],
    ['#/code/%E0%A4%A', 'There is no code resource “%E0%A4%A”', 'Attention'],
  ];
  for (const [hash, says, link] of nowhere) {
    await go(page, hash);
    const notice = page.getByRole('alert').filter({ hasText: 'There is no' });
    await expect(notice, hash).toContainText(says);
    if (link) await expect(notice.getByRole('link', { name: link, exact: true }), hash).toBeVisible();
  }
  await go(page, '#/tests/tokenizer/no such case');
  await expect(page.getByText('There is no case “tokenizer/no such case”')).toBeVisible();

  await go(page, '#/playgruond');
  await page.getByRole('alert').getByRole('link', { name: 'Playground' }).click();
  await expect(page.getByRole('textbox', { name: 'Prompt' })).toBeVisible();
});

test('scripts stand in one place, each with an address; the old one leads there', async ({ app }) => {
  const { page } = app;
  await app.open('#/code/scripts');
  await expect(page).toHaveURL(/#\/scripts$/);
  await expect(page.getByRole('heading', { name: 'Compare two prompts' })).toBeVisible();
  await go(page, '#/scripts/attention-kernels-by-batch-size');
  await expect(page.getByRole('heading', { name: 'Attention kernels by batch size' })).toBeVisible();
  await go(page, '#/code');
  await expect(page.getByRole('navigation', { name: 'Scripts' })).toHaveCount(0);
});

test('a script that was saved through the API is in the panel: opened, changed, saved, deleted', async ({ app }) => {
  const { page } = app;
  await app.open('#/scripts');
  await page.evaluate(() =>
    globalThis.glassbox.client.put('code', 'resources/{id}', { id: 'script.giraffe', source: "print('long neck');\n" }),
  );
  await find(page, 'giraffe');
  await expect(page).toHaveURL(/#\/scripts\/script\.giraffe$/);
  await go(page, '#/code/script.giraffe');
  await expect(page).toHaveURL(/#\/scripts\/script\.giraffe$/);
  await expect(page.getByRole('heading', { level: 1, name: 'giraffe' })).toBeVisible();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Output' })).toContainText('long neck');

  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText("print('short');\n");
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0);
  const saved = () => page.evaluate(() => globalThis.glassbox.client.get('code', 'resources', { kind: 'script' }));
  const source = await page.evaluate(
    async () => (await globalThis.glassbox.client.get('code', 'resources/{id}', { id: 'script.giraffe' })).source,
  );
  expect(source).toContain('short');

  await page.getByRole('button', { name: 'Delete this script' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('navigation', { name: 'Scripts' })).not.toContainText('giraffe');
  expect((await saved()).resources).toEqual([]);
});

test('Ctrl-K finds parameters, code, kernels, plans, scripts, cases and settings, and goes to them', async ({ app }) => {
  const { page } = app;
  await app.open();
  await find(page, 'repetition penalty');
  await expect(page.getByRole('textbox', { name: 'repetition_penalty', exact: true })).toBeFocused();

  await find(page, 'add_special_tokens tokenize');
  await expect(page).toHaveURL(/#\/api\/tokenizer\/tokenize\?field=/);
  await expect(page.locator('[data-pointer="/add_special_tokens"]').locator('input, select, button').first()).toBeFocused();

  await find(page, 'eviction rule');
  await expect(page).toHaveURL(/#\/code\/memory\.eviction$/);
  await find(page, 'wgsl.softmax');
  await expect(page).toHaveURL(/#\/computation\/kernels\/wgsl\.softmax$/);
  const plan = await page.evaluate(async () => (await globalThis.glassbox.client.get('computation', 'plans')).plans[0]!);
  await find(page, `${plan.name} execution plan`);
  await expect(page).toHaveURL(new RegExp(`#/computation/plans/${encodeURIComponent(plan.id)}$`));
  await find(page, 'patch the sampler script');
  await expect(page).toHaveURL(/#\/scripts\/keep-a-plan-and-patch-the-sampler$/);
  await find(page, 'padded batch test');
  await expect(page).toHaveURL(/#\/tests\/tokenizer\/padded%20batch$/);
  // Below the top level, by what others call it, by a value, of the model, of the page, of what is one's own.
  await find(page, 'burstiness');
  await expect(page).toHaveURL(/#\/api\/scheduler\/.*field=%2Fworkload%2Fburstiness$/);
  await find(page, 'max_tokens');
  await expect(page.getByRole('textbox', { name: 'max_new_tokens', exact: true })).toBeFocused();
  await find(page, 'lru');
  await expect(page).toHaveURL(/#\/api\/memory\/.*field=%2Feviction$/);
  await find(page, 'hidden_states.1');
  await expect(page).toHaveURL(/#\/api\/model\/forward\?field=%2Fcapture$/);
  await find(page, 'ageing');
  await expect(page).toHaveURL(/#\/api\/scheduler\/setPolicy\?field=%2Fparameters$/);
  await find(page, 'api/model/generate');
  await expect(page).toHaveURL(/#\/api\/model\/generate$/);
  await find(page, 'token boundaries');
  await expect(page.getByRole('switch', { name: 'token boundaries' })).toBeFocused();
  await find(page, 'sweep layers');
  await expect(page.getByRole('button', { name: 'Interventions', exact: true })).toBeFocused();
  await page.evaluate(() =>
    localStorage.setItem(
      'glassbox-test-cases',
      JSON.stringify([{ name: 'hippo case', description: '', endpoint: 'POST /tokenizer/tokenize', input: { text: 'hippo' } }]),
    ),
  );
  await find(page, 'hippo');
  await expect(page).toHaveURL(/#\/tests\/tokenizer\/hippo%20case/);
  await find(page, 'dark colours');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await find(page, 'load a model');
  await expect(page.getByRole('dialog', { name: /model/i })).toBeVisible();
});
