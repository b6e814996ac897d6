/** The code panel as a person uses it: a fragment is edited, refused, applied, its effect seen and taken back; a script runs. */
import type { Page } from '@playwright/test';
import { picture } from './pictures.ts';
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
  await expect(effect).toContainText('First diverges in layer 0, at attention');
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

test('wherever results are shown, the top bar says that patched code is active, which, and leads to it', async ({ app }) => {
  const { page } = app;
  await app.open('#/playground');
  const sign = page.getByRole('button', { name: 'Patched code is active' });
  await expect(sign).toHaveCount(0);

  const put = (id: string, source: string) =>
    page.evaluate(([to, text]) => globalThis.glassbox.client.put('code', 'resources/{id}', { id: to!, source: text! }), [id, source]);
  await put('sampler', 'export default (logits: Float32Array) => logits.indexOf(Math.min(...logits));\n');
  await expect(sign).toHaveText(/Sampler patched/);
  await expect(page.getByRole('group', { name: 'Sampling' })).toContainText('patched sampler chooses the tokens');
  await page.getByRole('button', { name: /^Generate/ }).click();
  await expect(page.getByRole('definition').filter({ hasText: 'Sampler' })).toBeVisible();
  await expect(page.getByText(/Finished:/)).toBeVisible({ timeout: 60_000 });
  await picture(page, 'patched-run');
  await page.evaluate(() => (globalThis.location.hash = '#/scheduler'));
  await expect(sign).toBeVisible();
  // It stays active over a reload, and so does the sign.
  await page.reload();
  await expect(sign).toBeVisible();
  await sign.click();
  await page.getByRole('dialog').getByRole('link', { name: 'Sampler' }).click();
  await expect(page).toHaveURL(/#\/code\/sampler$/);
  await expect(sign).toHaveAttribute('aria-expanded', 'false');

  // Another resource beside it: no text passes for greedy that the sampler chose.
  await page.evaluate(() => (globalThis.location.hash = '#/code/model.attention'));
  await page.getByRole('button', { name: 'Try it: Sliding window of 16' }).click();
  const effect = page.getByRole('region', { name: 'Effect', exact: true });
  await expect(effect.getByRole('heading', { name: /^Text, chosen by the patched sampler/ })).toBeVisible({ timeout: 60_000 });
  await expect(effect).toContainText('Under both, other patched code was active too: sampler');
  await expect(sign).toHaveText(/2 patches active/);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(sign).toBeVisible();
  await picture(page, 'patched-390');
  await page.setViewportSize({ width: 1280, height: 800 });
  await picture(page, 'patched-1280');

  await page.getByRole('button', { name: 'Back to built-in' }).click();
  await expect(sign).toHaveText(/Sampler patched/);
  await page.evaluate(() => globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'sampler' }));
  await expect(sign).toHaveCount(0);
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

test('what a script shows has tokens as they read, and a heat map its names', async ({ app }) => {
  const { page } = app;
  await app.open('#/scripts');
  await page.getByRole('navigation', { name: 'Scripts' }).getByRole('button').first().click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const log = page.getByRole('log', { name: 'Output' });
  await expect(log).toContainText('Ended after');
  await expect(log).toContainText('·and');
  await expect(log).toContainText('times as likely after “The little dog was very happy”');
  expect(await log.textContent()).not.toMatch(/[ĠĊ]/);
  const map = log.locator('figure').filter({ hasText: 'Layer 0, head 0' });
  for (const name of ['·happy', '·little', 'attends to', 'token']) await expect(map.getByText(name, { exact: true }).first()).toBeVisible();
  // A few long rows have a least height, and stay within their place.
  await page.getByRole('button', { name: 'New script' }).first().click();
  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(
    "plot({ kind: 'heatmap', title: 'Long', values: [0, 1].map((row) => Array.from({ length: 64 }, (_, i) => row * i)) });",
  );
  await page.keyboard.press('Control+Enter');
  const long = log.locator('figure').filter({ hasText: 'Long' });
  const [cells, figure] = [await long.getByRole('application').boundingBox(), await long.boundingBox()];
  await expect(long.getByText('1', { exact: true }).first()).toBeVisible();
  expect(cells!.x + cells!.width).toBeLessThanOrEqual(figure!.x + figure!.width);
  await picture(page, 'script-heatmap');
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
