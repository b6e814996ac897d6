/** Tokens in the page: the switch, fetch without and with a token, revoked, a reload; and the explorer as another caller. */
import type { Page } from '@playwright/test';
import { expect, test } from './support.ts';

/** As any script of the site would call. */
const ask = (page: Page, path: string, token: string | null = null, method = 'GET', body?: object) =>
  page.evaluate(
    async (call) => {
      const response = await fetch(`api${call.path}`, {
        method: call.method,
        headers: {
          ...(call.token !== null && { authorization: `Bearer ${call.token}` }),
          ...(call.body && { 'content-type': 'application/json' }),
        },
        ...(call.body && { body: JSON.stringify(call.body) }),
      });
      return { status: response.status, challenge: response.headers.get('www-authenticate'), text: await response.text() };
    },
    { path, token, method, body },
  );

/** The browser itself writes a line for each answer above 399. */
const forgetRefusals = (complaints: string[]) =>
  complaints.splice(0, Infinity, ...complaints.filter((line) => !/the server responded with a status of 40[13] /.test(line)));

/** Gives out a token in the panel and reads it where it is shown. */
async function create(page: Page, name: string, scope: string): Promise<string> {
  const form = page.getByRole('form', { name: 'New token' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Scopes').selectOption(scope);
  await form.getByRole('button', { name: 'Create token' }).click();
  const shown = page.getByRole('region', { name: 'The new token' });
  const token = await shown.locator('code').first().innerText();
  expect(token).toMatch(/^gbx_[0-9a-f]{8}_[0-9a-f]{48}$/);
  await shown.getByRole('button', { name: 'I have it' }).click();
  await expect(shown).toHaveCount(0);
  return token;
}

test('the switch asks every caller, is remembered, and leaves the page itself at work', async ({ app }) => {
  const { page, complaints } = app;
  await app.open('#/access');
  expect((await ask(page, '/memory/stats')).status, 'off in a fresh tab').toBe(200);
  await page.getByRole('switch', { name: 'Require tokens' }).check();
  expect(await ask(page, '/memory/stats')).toMatchObject({ status: 401, challenge: 'Bearer realm="glassbox"' });
  expect((await ask(page, '/openapi.json')).status).toBe(200);

  const reader = await create(page, 'Reader', 'read');
  expect((await ask(page, '/memory/stats', reader)).status).toBe(200);
  const refused = await ask(page, '/model/generate', reader, 'POST', { prompt: 'Hi', max_new_tokens: 2 });
  expect(refused).toMatchObject({ status: 403 });
  expect(refused.challenge).toContain('error="insufficient_scope"');
  expect(refused.challenge).toContain('scope="run"');
  const runner = await create(page, 'Runner', 'run');
  expect((await ask(page, '/model/generate', runner, 'POST', { prompt: 'Hi', max_new_tokens: 2 })).status).toBe(200);

  await page.getByRole('button', { name: 'Revoke Reader' }).click();
  await expect(page.getByRole('region', { name: 'Tokens', exact: true }).getByText('revoked', { exact: true }).first()).toBeVisible();
  const revoked = await ask(page, '/memory/stats', reader);
  expect(revoked.status).toBe(401);
  expect(revoked.challenge).toContain('error="invalid_token"');

  await page.reload();
  await page.evaluate(() => globalThis.glassbox.ready);
  await expect(page.getByRole('switch', { name: 'Require tokens' })).toBeChecked();
  expect((await ask(page, '/memory/stats')).status).toBe(401);
  expect((await ask(page, '/memory/stats', runner)).status, 'tokens outlive a reload').toBe(200);
  for (const mode of ['restful', 'direct'] as const) {
    const who = await page.evaluate((each) => globalThis.glassbox.client.via(each).get('auth', 'whoami'), mode);
    expect(who, mode).toMatchObject({ kind: 'page', scopes: ['read', 'run', 'patch', 'admin'] });
  }
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  for (const token of [reader, runner]) expect(stored).not.toContain(token.slice(13));
  await page.getByRole('switch', { name: 'Require tokens' }).uncheck();
  expect((await ask(page, '/memory/stats')).status).toBe(200);
  forgetRefusals(complaints);
});

test('another tab hears of the switch, since it may be the one that answers', async ({ app, context }) => {
  const { page, complaints } = app;
  await app.open('#/access');
  const other = await context.newPage();
  await other.goto(page.url());
  await other.waitForFunction(() => 'glassbox' in globalThis);
  await other.evaluate(() => globalThis.glassbox.ready);
  await page.getByRole('switch', { name: 'Require tokens' }).check();
  await expect.poll(() => ask(other, '/memory/stats').then(({ status }) => status)).toBe(401);
  const token = await create(page, 'Both', 'read');
  expect((await ask(other, '/memory/stats', token)).status).toBe(200);
  await page.getByRole('button', { name: 'Revoke Both' }).click();
  await expect.poll(() => ask(other, '/memory/stats', token).then(({ status }) => status)).toBe(401);
  await page.getByRole('switch', { name: 'Require tokens' }).uncheck();
  await other.close();
  forgetRefusals(complaints);
});

test('the explorer shows what an endpoint needs, and sends as whom one likes', async ({ app }) => {
  const { page, complaints } = app;
  await app.open('#/access');
  await page.getByRole('switch', { name: 'Require tokens' }).check();
  const token = await create(page, 'Reader', 'read');
  await page.goto(page.url().replace(/#.*/, '#/api/tokenizer/tokenize'));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('run');
  const as = async (choice: string, given?: string) => {
    await page.getByRole('button', { name: 'Authorize' }).click();
    const dialog = page.getByRole('dialog', { name: 'Authorize' });
    await dialog.getByLabel(choice).check();
    if (given !== undefined) await dialog.getByLabel('Token', { exact: true }).fill(given);
    await dialog.getByRole('button', { name: 'Use it' }).click();
    await expect(dialog).toHaveCount(0);
    if (given === undefined && choice === 'without a token') await expect(page.getByText('Nothing sent yet')).toBeVisible();
    await page.getByLabel('Request').getByRole('button', { name: 'Send', exact: true }).click();
  };
  const answer = page.getByRole('region', { name: 'Response' });
  await as('without a token');
  await expect(answer).toContainText('No valid token');
  await expect(answer).toContainText('Press Authorize');
  await as('by a token', token);
  await expect(answer).toContainText('The scope is missing');
  await expect(answer).toContainText('needs the scope "run"');
  await answer.getByRole('tab', { name: 'Code' }).click();
  await answer.getByText('curl', { exact: true }).click();
  await expect(answer.getByLabel('curl code', { exact: true })).toContainText('Bearer $GLASSBOX_TOKEN');
  await as('as this page');
  await expect(answer).toContainText('input_ids');
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  expect(kept).not.toContain(token.slice(13));
  forgetRefusals(complaints);
});

test('a script that may less is refused the rest, by name', async ({ app }) => {
  const { page } = app;
  await app.open('#/scripts/keep-a-plan-and-patch-the-sampler');
  const may = page.getByLabel('The script may');
  await may.selectOption('run');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const output = page.getByRole('log', { name: 'Output' });
  await expect(output).toContainText('insufficient_scope');
  await expect(output).toContainText('needs the scope "patch"; this script runs with "run"');
  await may.selectOption('admin');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(output).toContainText('in the worker');
});

test('a case of one’s own is called with less, over both transports', async ({ app }) => {
  const { page, complaints } = app;
  await app.open('#/tests');
  await expect(page.getByRole('option').nth(100)).toBeAttached();
  await page.getByRole('button', { name: 'Add a case' }).click();
  const editor = page.getByRole('dialog');
  await editor.getByLabel('Name').fill('a reader tokenizes');
  await editor.getByLabel('Endpoint').selectOption('POST /tokenizer/tokenize');
  await editor.getByLabel('Input').fill('{ "text": "Once upon a time" }');
  await editor.getByLabel('The call may').selectOption('read');
  await editor.getByRole('button', { name: 'Call now' }).click();
  await expect(editor.getByLabel('Code of the problem')).toHaveValue('insufficient_scope');
  await editor.getByRole('button', { name: 'Keep this case' }).click();
  await page.getByRole('switch', { name: 'Both transports' }).click();
  const shown = page.getByRole('article', { name: 'a reader tokenizes' });
  await shown.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(shown.getByText('passed', { exact: true }).first()).toBeVisible();
  await expect(shown.getByRole('region', { name: 'Both transports' })).toContainText('Both gave the same answer.');
  forgetRefusals(complaints);
});
