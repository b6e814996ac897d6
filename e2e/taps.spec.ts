/** Interventions: a value inside the model is changed, and the page shows what that does to the next token. */
import { picture } from './pictures.ts';
import { expect, test } from './support.ts';

test('interventions: one change and its effect, a sweep over layers and tokens, a cell chosen by keyboard', async ({ app }) => {
  await app.open('#/playground');
  const { page } = app;
  const panel = page.getByRole('region', { name: 'Interventions' });
  await panel.getByRole('button', { name: 'Interventions' }).click();
  await expect(panel).toContainText('Generate something first');

  await page.getByRole('textbox', { name: 'Prompt' }).fill('Once upon a time, there was a');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('14');
  await page.getByRole('button', { name: 'Generate' }).click();
  const figures = panel.getByRole('term').filter({ hasText: 'KL divergence' });
  await expect(figures).toBeVisible();
  await expect(panel.getByRole('row')).not.toHaveCount(0);

  // x · 1 is no change, and the service says so; taking the stream out is one.
  await panel.getByLabel('Change', { exact: true }).selectOption('scale');
  await panel.getByLabel('By', { exact: true }).fill('1');
  await expect(panel).toContainText('0.00 nats');
  await expect(panel).toContainText('as before');
  await panel.getByLabel('Value', { exact: true }).selectOption('hidden_states');
  await panel.getByLabel('Change', { exact: true }).selectOption('ablate');
  await expect(panel).not.toContainText('0.00 nats');
  const link = await panel.getByRole('link', { name: /API explorer/ }).getAttribute('href');
  const call = JSON.parse(decodeURIComponent(link!.split('input=')[1]!)) as { input_ids: number[] };
  const shown = await panel.getByText(/nats$/).first().textContent();
  const { effect } = (await page.evaluate((input) => globalThis.glassbox.client.post('model', 'forward', input), call)) as {
    effect: { kl_divergence: number }[];
  };
  expect(shown).toBe(`${effect[0]!.kl_divergence.toPrecision(3)} nats`);

  await panel.getByRole('button', { name: 'Sweep layers and tokens' }).click();
  const map = panel.getByRole('table', { name: 'KL divergence by layer and token' });
  const { num_layers: layers } = await page.evaluate(() => globalThis.glassbox.client.get('model', 'info').then(({ state }) => state));
  await expect(map.getByRole('button')).toHaveCount(layers! * call.input_ids.length);
  await expect(panel.getByRole('button', { name: 'Sweep layers and tokens' })).toBeVisible();

  await map.getByRole('button').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(map.getByRole('button', { name: /^layer 1, token 1 / })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel.getByLabel('Layer', { exact: true })).toHaveValue('1');
  await expect(panel.getByLabel('Token', { exact: true })).toHaveValue('1');

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await panel.scrollIntoViewIfNeeded();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      // The last token is in sight, where there is no room for all.
      const last = await map.getByRole('button').last().boundingBox();
      expect(last!.x + last!.width).toBeLessThanOrEqual(width);
      if (width === 390) await expect(panel).toContainText(/← \d+ tokens before/);
      await picture(panel, `interventions-${width}-${colorScheme}`);
    }
  }
});

test('interventions: values of another text are patched in, up to its own answer', async ({ app }) => {
  await app.open('#/playground');
  const { page } = app;
  await page.getByRole('textbox', { name: 'Prompt' }).fill('The dog was happy, so the');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('1');
  await page.getByRole('button', { name: 'Generate' }).click();
  const panel = page.getByRole('region', { name: 'Interventions' });
  await panel.getByRole('button', { name: 'Interventions' }).click();
  const length = panel.getByRole('textbox', { name: 'Sequence: first tokens' });
  await expect(length).toBeVisible();
  const prompt = await page.evaluate(() => globalThis.glassbox.client.post('tokenizer', 'tokenize', { text: 'The dog was happy, so the' }));
  await length.fill(String((prompt.input_ids as number[]).length));
  await panel.getByLabel('Value', { exact: true }).selectOption('hidden_states');
  await panel.getByLabel('Change', { exact: true }).selectOption('patch');
  await expect(panel).toContainText('Write the other text above');

  const other = panel.getByLabel('Other text');
  await other.fill('A cat');
  await expect(panel).toContainText(/The other text has \d+ tokens/);

  // The whole stream of another text before layer 0 is that text: what comes is its own answer.
  await other.fill('The cat was happy, so the');
  await expect(panel.getByText(/nats$/).first()).toBeVisible();
  const top = await page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { input_ids } = await client.post('tokenizer', 'tokenize', { text: 'The cat was happy, so the' });
    const { top_k } = await client.post('model', 'forward', { input_ids: input_ids as number[], logits: 'top_k', top_k: 1 });
    return top_k![0]![0]!;
  });
  const row = panel.getByRole('row').filter({ has: page.getByTitle(`id ${top.token_id}`, { exact: true }) });
  const percent = await row.getByRole('cell').last().textContent();
  expect(Number.parseFloat(percent!)).toBeCloseTo(100 * Math.exp(top.logprob), 0);

  await panel.getByRole('button', { name: 'Sweep layers and tokens' }).click();
  const map = panel.getByRole('table', { name: 'KL divergence by layer and token' });
  // Only where the texts differ is there anything to patch: nothing comes of the first token, the same in both.
  await expect(map.getByRole('button', { name: /^layer 0, token 0 .*: 0\.?0* nats$/ })).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Sweep layers and tokens' })).toBeVisible();
  await picture(panel, 'interventions-patch');
});

test('interventions: a sweep of a long sequence is stopped, and what has come stays', async ({ app }) => {
  await app.open('#/playground');
  const { page } = app;
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Once upon a time, there was a little dog. '.repeat(30));
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('2');
  await page.getByRole('button', { name: 'Generate' }).click();
  const panel = page.getByRole('region', { name: 'Interventions' });
  await panel.getByRole('button', { name: 'Interventions' }).click();
  await panel.getByRole('button', { name: 'Sweep layers and tokens' }).click();
  const cells = panel.getByRole('table', { name: 'KL divergence by layer and token' }).getByRole('button');
  await expect(cells.first()).toBeVisible();
  await panel.getByRole('button', { name: 'Stop the sweep' }).press('Enter');
  await expect(panel.getByRole('button', { name: 'Sweep layers and tokens' })).toBeFocused();
  expect(await cells.count()).toBeGreaterThan(0);
});
