/** The code panel as a person uses it: a fragment is edited, refused, applied, its effect seen and taken back; a script runs. */
import type { Page } from '@playwright/test';
import { expect, test } from './support.ts';

const logitsOf = (page: Page) =>
  page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    const { logits } = await client.post('model', 'forward', { input_ids: Array.from({ length: 24 }, (_, i) => 5 + i) });
    return Array.from(logits!.data as Float32Array);
  });

/** Replaces what stands in the editor. */
async function write(page: Page, text: string) {
  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

test('a ready-made patch becomes active, shows its effect, and is taken back to the bit', async ({ app }) => {
  const { page } = app;
  await app.open('#/code/model.attention');
  const before = await logitsOf(page);

  await page.getByRole('button', { name: 'Try it: Sliding window of 16' }).click();
  const effect = page.getByRole('region', { name: 'Effect', exact: true });
  await expect(effect).toContainText('First departs in layer 0, at attention');
  await expect(effect).toContainText('Largest logit difference');
  await expect(page.getByRole('region', { name: 'Tests', exact: true })).toContainText('passed');
  await expect(page.getByRole('region', { name: 'Revisions', exact: true })).toContainText('Sliding window of 16');
  expect(await logitsOf(page)).not.toEqual(before);

  await page.getByRole('button', { name: 'Compare the draft with' }).last().click();
  await expect(page.locator('.monaco-diff-editor')).toBeVisible();

  await page.getByRole('button', { name: 'Back to built-in' }).click();
  await expect(page.getByRole('button', { name: 'Try it: Sliding window of 16' })).toBeVisible();
  expect(await logitsOf(page)).toEqual(before);
});

test('a broken edit is refused at its line, and a right one applied with the keyboard', async ({ app }) => {
  const { page } = app;
  await app.open('#/code/sampler');
  await write(page, 'const sample = (logits: Float32Array) => ;\nexport default sample;\n');
  await page.keyboard.press('Control+s');
  const problems = page.getByRole('alert', { name: 'Problems' });
  await expect(problems).toContainText('1:42');

  await write(page, 'const sample = (logits: Float32Array) => logits.indexOf(Math.min(...logits));\nexport default sample;\n');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('region', { name: 'Effect', exact: true })).toContainText('they part at token 1');
  await expect(problems).toHaveCount(0);

  await page.getByRole('button', { name: 'Back to built-in' }).click();
  await expect(page.getByRole('button', { name: 'Try it: Always the second best' })).toBeVisible();
  // The refused edit is answered with 422, which the browser counts as an error of the page.
  app.complaints.splice(0, app.complaints.length, ...app.complaints.filter((each) => !each.includes('422')));
});

test('a script runs', async ({ app }) => {
  const { page } = app;
  await app.open('#/scripts');
  await page.getByRole('button', { name: 'New script' }).first().click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Output' })).toContainText(/\d/);
});

test('a normalizer changes how a prompt is tokenized, and its offsets still lead to what was written', async ({ app }) => {
  const { page } = app;
  await app.open('#/code/tokenizer.normalizer');
  await page.getByRole('button', { name: 'Try it: Lower case' }).click();
  await expect(page.getByRole('region', { name: 'Effect', exact: true })).toContainText('The prompt is tokenized differently.');
  const { tokens, offsets, lower } = await page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const options = { add_special_tokens: false };
    const given = await client.post('tokenizer', 'tokenize', { text: 'ONCE UPON', ...options });
    const plain = await client.post('tokenizer', 'tokenize', { text: 'once upon', ...options });
    return { tokens: given.tokens, offsets: given.offsets as [number, number][], lower: plain.tokens };
  });
  expect(tokens).toEqual(lower);
  expect(offsets.map(([start, end]) => 'ONCE UPON'.slice(start, end)).join('')).toBe('ONCE UPON');
  await page.getByRole('button', { name: 'Back to built-in' }).click();
  await expect(page.getByRole('button', { name: 'Try it: Lower case' })).toBeVisible();
});
