/** What a person does: find an endpoint, send it, read the answer; generate text, look into it, stop it; run a script. With pictures of each view. */
import { AxeBuilder } from '@axe-core/playwright';
import { picture } from './pictures.ts';
import { expect, test } from './support.ts';
import { VIEWS } from './views.ts';

test('from Ctrl-K to an answer, and back by a link', async ({ app }) => {
  await app.open();
  const { page } = app;
  await page.keyboard.press('Control+K');
  await page.getByRole('dialog').getByRole('textbox').or(page.getByRole('dialog').getByRole('combobox')).first().fill('POST tokenize');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/api\/tokenizer\/tokenize/);
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await expect(page.getByText('200 OK')).toBeVisible();
  await expect(page.getByText('input_ids').last()).toBeVisible();
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(page.getByRole('tabpanel').last()).toContainText('client');
  await page.reload();
  await expect(page.getByText('/tokenizer/tokenize').first()).toBeVisible();
});

test('an invalid input is told once, at its field, in words; an unknown field with the one that was meant', async ({ app }) => {
  const input = { prompt: 'Hi', max_new_tokens: -5, max_tokens: 3, temprature: 1 };
  await app.open(`#/api/model/generate?input=${encodeURIComponent(JSON.stringify(input))}`);
  const { page } = app;
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await expect(page.getByText(/422/).first()).toBeVisible();
  const field = page.getByRole('textbox', { name: 'max_new_tokens' });
  await expect(field).toBeFocused();
  await expect(field).toHaveAccessibleDescription(/^max_new_tokens must be at least 1; it is −5\./);
  await expect(page.getByText('must be at least 1')).toHaveCount(1);
  await expect(page.getByText('max_tokens is no field here; did you mean max_new_tokens?')).toHaveCount(1);
  await expect(page.getByText('temprature is no field here; did you mean temperature?')).toHaveCount(1);
  await page.getByRole('region', { name: 'Problem' }).getByRole('button', { name: 'temprature' }).click();
  await expect(page.getByRole('button', { name: 'Remove temprature' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove max_tokens' }).click();
  await field.fill('4');
  await expect(page.getByRole('form', { name: 'Request' }).getByText('is no field here')).toHaveCount(0);
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await expect(page.getByText('200 OK')).toBeVisible();
  app.complaints.splice(0);
});

test('the playground keeps what cannot be taken in its field, says why, and generates nothing until it is mended', async ({ app }) => {
  await app.open('#/playground');
  const { page } = app;
  const field = page.getByRole('textbox', { name: 'max_new_tokens', exact: true });
  await field.fill('-5');
  await expect(page.getByRole('alert')).toHaveText('max_new_tokens must be at least 1; it is −5.');
  await page.getByRole('button', { name: /^Generate/ }).click();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('-5');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('region', { name: 'Output' })).toHaveCount(0);
  await field.fill('3');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('button', { name: /^Generate/ }).click();
  await expect(page.getByText(/Finished:/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('3 / 3')).toBeVisible();
});

test('the mode switch changes how the same call travels', async ({ app }) => {
  await app.open('#/api/tokenizer/info');
  const { page } = app;
  await page
    .getByText(/^Direct/)
    .first()
    .click();
  await expect.poll(() => page.evaluate(() => globalThis.glassbox.client.mode)).toBe('direct');
  await page
    .getByText(/^RESTful/)
    .first()
    .click();
  await expect.poll(() => page.evaluate(() => globalThis.glassbox.client.mode)).toBe('restful');
});

test('generate in the playground, look at a token and its attention, stop a long one', async ({ app }) => {
  await app.open('#/playground');
  const { page } = app;
  const generate = page.getByRole('button', { name: /^Generate/ }).first();
  await generate.click();
  await expect(page.getByText(/Finished:/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Attention', exact: true }).click();
  await expect(page.locator('canvas').first()).toBeVisible();
  await page.evaluate(() => (globalThis.location.hash = '#/playground'));
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('400');
  await generate.click();
  await page.getByRole('button', { name: /Stop/ }).first().click();
  await expect(page.getByText(/Stopped|Finished/).first()).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(
        async () =>
          (await globalThis.glassbox.client.get('model', 'generations')).generations.filter(({ finish_reason }) => finish_reason === null)
            .length,
      ),
    )
    .toBe(0);
  app.complaints.splice(0);
});

const LOOKS = [
  [1280, 800],
  [390, 844],
] as const;

test('every view, light and dark, at 1280 and at 390 px', async ({ app }) => {
  test.setTimeout(240_000);
  const { page } = app;
  await app.open();
  for (const view of VIEWS) {
    await page.evaluate((hash) => (globalThis.location.hash = hash), `#/${view}`);
    // Before a panel's code is asked for, nothing says that it is on its way.
    await page.waitForTimeout(300);
    for (const [width, height] of LOOKS) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // A panel comes with its own code: what says that it is on its way is gone before the picture is taken.
        await expect(page.locator('main').getByRole('status', { name: /^Loading/ })).toHaveCount(0);
        await page.waitForTimeout(200);
        await picture(page, `${view.replaceAll('/', '-')}-${colorScheme}-${width}`);
        // Names and roles are the same in every look, contrast is a matter of the scheme. Monaco answers for its own inside.
        if (width > 390) {
          const axe = new AxeBuilder({ page }).exclude('.monaco-editor');
          const { violations } = await (
            colorScheme === 'light' ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']) : axe.withRules(['color-contrast'])
          ).analyze();
          const found = violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${view}: ${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
          );
          expect.soft(found, `${view} is accessible, ${colorScheme}`).toEqual([]);
        }
      }
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        `${view} does not scroll sideways at ${width} px`,
      ).toBeLessThanOrEqual(0);
      expect((await page.locator('main').innerText()).length, `${view} shows something`).toBeGreaterThan(20);
    }
  }
});
