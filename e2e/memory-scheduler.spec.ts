/** The memory and the scheduler panel as a person drives them: watch a run, read a block and a decision, change the plan, compare two policies. */
import { readFile } from 'node:fs/promises';
import { expect, test } from './support.ts';

test('memory: a run is seen block by block, and stop gives the blocks back', async ({ app }) => {
  await app.open('#/memory');
  const { page } = app;
  const figures = page.getByLabel('Memory now');
  await expect(figures).toContainText('0 / 512');
  await page.getByRole('button', { name: 'Run a small workload' }).click();
  await expect(figures).not.toContainText('0 / 512');

  // Keyboard first: the first block holds the beginning of the first story.
  const map = page.getByRole('application', { name: /Tier gpu/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: 'Map of blocks' });
  await expect(card).toContainText('gpu block 0');
  await expect(card).toContainText('held · Esc lets go');
  await expect(card).toContainText(/entry 1 of \d+/);

  await page.getByRole('button', { name: /^Stop/ }).click();
  await expect(figures).toContainText('0 / 512');
  await expect(page.getByRole('button', { name: 'Run a small workload' })).toBeEnabled();
});

test('memory: blocks held by hand are seen and freed', async ({ app }) => {
  await app.open('#/memory');
  const { page } = app;
  const held = page.getByRole('region', { name: 'Held by hand' });
  await held.getByLabel('Tokens').fill('100');
  await held.getByRole('button', { name: 'Allocate' }).click();
  await expect(held).toContainText('100 tokens · 7 blocks');
  await expect(page.getByLabel('Memory now')).toContainText('7 / 512');
  await held.getByRole('button', { name: /^Free / }).click();
  await expect(held).toContainText('Nothing is held by hand');
  await held.getByLabel('Tokens').fill('9999999');
  await held.getByRole('button', { name: 'Allocate' }).click();
  await expect(held.getByLabel('Tokens')).toHaveAccessibleDescription(/must fit the free blocks/);
  // The browser itself writes a line for each failed request.
  app.complaints.splice(0);
});

test('memory: a change of plan is previewed, refused with the reason, or becomes active', async ({ app }) => {
  await app.open('#/memory');
  const { page } = app;
  const plan = page.getByRole('region', { name: 'Plan', exact: true });
  await plan.getByLabel('Blocks of tier gpu').fill('100000');
  await expect(plan.getByLabel('Blocks of tier gpu')).toHaveAccessibleDescription(/must be at most \d+, the blocks that this device holds/);
  await expect(plan.getByRole('button', { name: 'Apply' })).toBeDisabled();
  await plan.getByRole('button', { name: 'Reset' }).click();
  await plan.getByText('static', { exact: true }).click();
  await expect(plan).toContainText('strategy paged → static');
  await plan.getByRole('button', { name: 'Apply' }).click();
  await expect(plan.getByRole('status')).toContainText('Applied');
  expect(await page.evaluate(async () => (await globalThis.glassbox.client.get('memory', 'config')).strategy)).toBe('static');
});

test('scheduler: the live timeline gives the reason, the queue cancels, the policy changes', async ({ app }) => {
  await app.open('#/scheduler');
  const { page } = app;
  await expect(page.getByText('No step was taken yet')).toBeVisible();
  await page.getByRole('button', { name: 'Run a small workload' }).click();
  const timeline = page.getByRole('application', { name: /Live timeline/ });
  await timeline.focus();
  await page.keyboard.press('ArrowLeft');
  const card = page.getByRole('region', { name: 'Timeline' });
  await expect(card).toContainText('held · Esc lets go');
  await expect(card).toContainText(/step \d+ · at/);
  await expect(card).toContainText(/Nothing stood in the way|bound by/);
  await card.getByRole('button', { name: /Follow again/ }).click();

  // One that lasts for seconds: those of the workload may end before the click is there.
  await page.evaluate(() => {
    const long = { id: 'long', prompt: 'Once upon a time', n: 16, max_new_tokens: 480, ignore_eos: true };
    void globalThis.glassbox.client.post('model', 'generate', long).catch(() => {});
  });
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByRole('button', { name: 'Cancel long' }).click();
  await expect(queue.getByText('cancelled').first()).toBeVisible();

  const policy = page.getByRole('region', { name: 'Active policy' });
  await policy.getByLabel('Order').selectOption('sjf');
  await policy.getByRole('button', { name: 'Apply' }).click();
  await expect(policy.getByLabel('ageing')).toBeVisible();
  // The region's own name says "active" before the answer is there: ask the service.
  await expect.poll(() => page.evaluate(async () => (await globalThis.glassbox.client.get('scheduler', 'policy')).policy)).toBe('sjf');
  await page.getByRole('button', { name: /^Stop/ }).click();
});

test('scheduler: a simulation is stepped through, compared with another policy, and exported', async ({ app }) => {
  await app.open('#/scheduler/workloads');
  const { page } = app;
  const simulate = page.getByRole('button', { name: 'Simulate' });
  await page.getByLabel('Arrivals').selectOption('requests');
  await page.getByLabel('Sequences at once').fill('1');
  await simulate.click();
  const results = page.getByRole('region', { name: 'Results' });
  await expect(results).toContainText('makespan');

  const run = page.getByRole('region', { name: 'Timeline of the run' });
  await run.getByRole('button', { name: 'One step forward' }).click();
  await run.getByRole('button', { name: 'One step forward' }).click();
  await run.getByRole('button', { name: 'One step back' }).click();
  await expect(run).toContainText(/step 2 of \d+/);
  await expect(run).toContainText('max_num_seqs');

  await page.getByLabel('Policy', { exact: true }).selectOption('sjf');
  await simulate.click();
  await expect(results.getByLabel('Run')).toHaveValue('B');
  await results.getByLabel('Compare with').selectOption('A');
  await expect(results).toContainText('policy sjf → fcfs');
  await expect(results.getByRole('columnheader', { name: 'B → A' })).toBeVisible();
  await expect(run.getByRole('application')).toHaveCount(2);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    results.getByRole('button', { name: 'Export JSON' }).first().click(),
  ]);
  const exported = JSON.parse(await readFile(await download.path(), 'utf8')) as { policy: string; steps: unknown[] };
  expect(exported.policy).toBe('sjf');
  expect(exported.steps.length).toBeGreaterThan(10);

  await page.getByLabel('Requests', { exact: true }).fill('[{');
  await simulate.click();
  await expect(page.getByLabel('Requests', { exact: true })).toHaveAccessibleDescription(/must be JSON: expected /);
});
