/** Forms: numbers as people write them, nothing sent that is not in sight, and no result under inputs that are not its own. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support.ts';

/** What is wrong stands once, in the text that describes the field. */
async function expectFault(field: Locator, sentence: string | RegExp) {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(typeof sentence === 'string' ? new RegExp(escaped(sentence)) : sentence);
  if (typeof sentence === 'string') await expect(field.page().getByText(sentence)).toHaveCount(1);
}
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Inputs of the calls that the page makes by its explorer, from the history that it keeps. */
const sent = (page: Page) => page.evaluate(() => (globalThis as unknown as { sent?: unknown[] }).sent ?? []);
const watchCalls = (page: Page) =>
  page.evaluate(() => {
    const calls: unknown[] = ((globalThis as unknown as { sent: unknown[] }).sent = []);
    const { client } = globalThis.glassbox;
    const send = client.send.bind(client);
    client.send = (service, operation, input, options) => {
      if (operation === 'generate') calls.push(input);
      return send(service, operation, input, options);
    };
  });

test('explorer: a number field takes every way to write a number, and keeps what is typed while it is', async ({ app }) => {
  const { page } = app;
  await app.open('#/api/model/generate');
  await watchCalls(page);
  const form = page.getByRole('form', { name: 'Request' });
  const field = form.locator('[data-pointer="/temperature"]').getByRole('textbox');
  for (const [text, value] of [
    ['.5', 0.5],
    ['1.0', 1],
    ['1e-4', 1e-4],
    ['+2', 2],
  ] as const) {
    await field.fill('');
    await field.pressSequentially(text);
    await expect(field).toHaveValue(text);
    await expect(form.getByText('must be a number')).toHaveCount(0);
    await field.press('Enter');
    await expect.poll(async () => ((await sent(page)).at(-1) as { temperature?: number })?.temperature).toBe(value);
    await expect(form.getByRole('button', { name: 'Send' })).toBeVisible();
  }
});

test('explorer: a field that holds no value keeps the request from being sent, says so, and has the focus', async ({ app }) => {
  const { page } = app;
  await app.open('#/api/model/generate');
  await watchCalls(page);
  const form = page.getByRole('form', { name: 'Request' });
  const temperature = form.locator('[data-pointer="/temperature"]').getByRole('textbox');
  await temperature.fill('0.8');
  await temperature.fill('abc');
  await temperature.press('Enter');
  await expect(temperature).toBeFocused();
  await expect(form.getByText('temperature must be a number; it is "abc".')).toHaveCount(1);
  // Leaving it does not bring the value before back.
  const top = form.locator('[data-pointer="/top_k"]').getByRole('textbox');
  await top.focus();
  await expect(temperature).toHaveValue('abc');
  await form.getByRole('button', { name: 'Send' }).click();
  await expect(temperature).toBeFocused();
  await top.focus();
  await page.keyboard.press('Control+Enter');
  await expect(temperature).toBeFocused();
  expect(await sent(page)).toEqual([]);
  await temperature.fill('0.25');
  await temperature.press('Enter');
  await expect.poll(async () => (await sent(page)).length).toBe(1);
  expect((await sent(page))[0]).toMatchObject({ temperature: 0.25 });
});

test('explorer: what is wrong inside a list or JSON stands at its field, the rest in the answer, each once', async ({ app }) => {
  const { page } = app;
  const problem = page.getByRole('region', { name: 'Problem' });
  const field = (pointer: string) => page.locator(`[data-pointer="${pointer}"]`).getByRole('textbox').first();
  const refused = async (route: string, input: object, sentence: string) => {
    await app.open(`#/api/${route}?input=${encodeURIComponent(JSON.stringify(input))}`);
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(problem).toBeVisible();
    await expect(page.getByText(sentence)).toHaveCount(1);
  };
  await refused('model/generate', { prompt: 'Hi', stop_token_ids: [5, -1] }, 'stop_token_ids[1] must be at least 0; it is −1.');
  await expect(field('/stop_token_ids')).toHaveAttribute('aria-invalid', 'true');
  await expect(field('/stop_token_ids')).toHaveAccessibleDescription(/^stop_token_ids\[1\] must be at least 0/);
  await refused('scheduler/schedule', { workload: { kind: 5 } }, 'workload.kind must be one of');
  await refused(
    'computation/execute',
    { kernel: 'naive', inputs: { x: { dtype: 'float32', shape: [1], data: [1] } } },
    'inputs.x is no input of naive',
  );
  await expect(field('/inputs')).toHaveAttribute('aria-invalid', 'true');
  await refused('tokenizer/tokenize', { text: 5 }, 'text must be a text or a list; it is 5.');
  // Refusals are meant here, and the browser writes a line for each.
  app.complaints.splice(0, app.complaints.length, ...app.complaints.filter((each) => !/status of 4\d\d/.test(each)));
});

test('explorer: leaving a JSON field out takes away what was typed, broken as it was', async ({ app }) => {
  const { page } = app;
  await app.open('#/api/model/generate');
  const row = page.locator('[data-pointer="/chat_template_kwargs"]');
  const field = row.getByRole('textbox');
  await field.fill('{"a":1}');
  await field.fill('{"a":');
  await field.press('Tab');
  await expect(row).toContainText('This is no JSON: expected a value in line 1, column 6; the text ends there.');
  await row.getByRole('button', { name: 'Leave out chat_template_kwargs' }).click();
  await expect(field).toHaveValue('');
  await expect(field).not.toHaveAttribute('aria-invalid');
});

test('explorer: a switch that is left out says so', async ({ app }) => {
  const { page } = app;
  await app.open('#/api/model/generate');
  await watchCalls(page);
  const row = page.locator('[data-pointer="/add_special_tokens"]');
  await expect(row.getByRole('radio', { name: 'left out' })).toBeChecked();
  await row.getByText('false', { exact: true }).click();
  await page.getByRole('button', { name: 'Send' }).click();
  await expect.poll(async () => (await sent(page)).at(-1)).toMatchObject({ add_special_tokens: false });
});

test('playground: a parameter that holds no number is not replaced by the one before', async ({ app }) => {
  const { page } = app;
  await app.open('#/playground');
  const temperature = page.getByRole('textbox', { name: 'temperature', exact: true });
  for (const text of ['warm', '0x1', '900']) {
    await temperature.fill(text);
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect(temperature).toBeFocused();
    await expect(temperature).toHaveValue(text);
    await expect(page.getByRole('region', { name: 'Output', exact: true })).toHaveCount(0);
  }
  await temperature.fill('1e-1');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('4');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByRole('region', { name: 'Output', exact: true })).toBeVisible();
});

test('experiment: a list that can not be read keeps it from running until it is mended', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation/experiments');
  const form = page.locator('form').filter({ has: page.getByLabel('Base plan') });
  await form.getByLabel('Add a field of the plan').selectOption('batch_size');
  const values = form.getByLabel('Values of batch_size');
  await values.fill('1, 2, 4');
  const run = form.getByRole('button', { name: /^Run/ });
  await expect(run).toHaveText('Run 3 runs');
  await values.fill('1, 2, 4, x');
  await expect(run).toBeDisabled();
  await expectFault(values, 'batch_size must be numbers with commas or spaces between them; it is "1, 2, 4, x".');
  await form.getByLabel('Name').focus();
  await expect(values).toHaveValue('1, 2, 4, x');
  await expect(run).toBeDisabled();
  await values.fill('1, 2, 4, 8');
  await expect(run).toHaveText('Run 4 runs');
});

test('interventions: a sweep of another choice does not stand under this one', async ({ app }) => {
  const { page } = app;
  await app.open('#/playground');
  const panel = page.getByRole('region', { name: 'Interventions' });
  await panel.getByRole('button', { name: 'Interventions' }).click();
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Once upon a time');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('2');
  await page.getByRole('button', { name: 'Generate' }).click();
  await panel.getByRole('button', { name: 'Sweep layers and tokens' }).click();
  const map = panel.getByRole('table', { name: 'KL divergence by layer and token' });
  await expect(panel.getByRole('button', { name: 'Sweep layers and tokens' })).toBeVisible();
  await expect(map).toBeVisible();
  await panel.getByLabel('Layer', { exact: true }).selectOption('1');
  await expect(map).toBeVisible();
  const before = await panel.getByLabel('Value', { exact: true }).inputValue();
  for (const [label, other, back] of [
    ['Value', 'mlp_out', before],
    ['Change', 'scale', 'ablate'],
  ] as const) {
    await panel.getByLabel(label, { exact: true }).selectOption(other);
    await expect(map).toHaveCount(0);
    await expect(panel).toContainText('The last sweep was of another choice');
    await panel.getByLabel(label, { exact: true }).selectOption(back);
    await expect(map).toBeVisible();
  }
});

test('kernel: a result under other inputs says that it is not theirs', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation/kernels/naive');
  const run = page.getByRole('region', { name: 'Run', exact: true });
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  const result = run.getByRole('region', { name: 'Result' });
  await expect(result).toBeVisible();
  await expect(result).not.toContainText('the result of other inputs');
  await run.getByLabel('Seed').fill('5');
  await expect(result).toContainText('the result of other inputs');
  await run.getByLabel('Seed').fill('0');
  await expect(result).not.toContainText('the result of other inputs');
});
