/** A worker that computes without end, or is gone, is noticed from everywhere: the header says so, calls end, prints stay, and no patch that did it comes back by itself. */
import type { Page } from '@playwright/test';
import type { Input } from '../src/contract/index.ts';
import { SITE_URL } from './server.ts';
import { expect, test } from './support.ts';

const light = (page: Page) => page.getByRole('button', { name: /^Transport health/ });
const isSilent = (page: Page) => expect(light(page)).toHaveText(/No answer for \d+ s/, { timeout: 15_000 });

async function restart(page: Page) {
  await page.getByRole('button', { name: 'Restart worker' }).first().click();
  await comesBack(page);
}

async function comesBack(page: Page) {
  await expect(light(page)).toHaveText('Ready');
  const isServing = () => page.evaluate(async () => (await globalThis.glassbox.client.get('model', 'weights')).weights !== null);
  await expect.poll(isServing).toBe(true);
}

/** What a call ends with, kept on the page to be asked for later. */
const begin = (
  page: Page,
  name: string,
  service: 'code' | 'model',
  path: string,
  input: object,
  mode: 'direct' | 'restful',
  stream: boolean,
) =>
  page.evaluate(
    ([key, to, where, what, by, streams]) => {
      const seen: { events: unknown[]; problem: unknown } = { events: [], problem: null };
      const calls = ((globalThis as unknown as { calls?: Record<string, unknown> }).calls ??= {});
      const { client } = globalThis.glassbox;
      const operation = where === 'run' ? 'run' : 'generate';
      calls[key] = seen;
      void client
        .send(to, operation, { ...what, stream: streams }, { mode: by, onEvent: (event) => seen.events.push(event) })
        .then(({ problem }) => (seen.problem = problem ?? 'none'));
    },
    [name, service, path, input, mode, stream] as const,
  );
const seenOf = (page: Page, name: string) =>
  page.evaluate(
    (key) =>
      (
        globalThis as unknown as {
          calls: Record<string, { events: { data: { values?: unknown[] } }[]; problem: { code: string; errors: unknown } | null }>;
        }
      ).calls[key]!,
    name,
  );

const patch = (page: Page, id: string, source: string) =>
  page.evaluate(
    async ([to, text]) => {
      const { client } = globalThis.glassbox;
      client.enableRestfulMode(false);
      return (await client.put('code', 'resources/{id}', { id: to, source: text })).revision_id;
    },
    [id, source] as const,
  );
const generate = (page: Page, input: Input<'model', 'generate'>) =>
  page.evaluate(async (what) => (await globalThis.glassbox.client.post('model', 'generate', what)).choices[0]!.text, input);
const patched = (page: Page) =>
  page.evaluate(async () =>
    (await globalThis.glassbox.client.get('code', 'resources')).resources.filter((each) => each.patched).map(({ id }) => id),
  );
/** Errors that the restart gives to calls which the page itself had under way. */
const forgive = (complaints: string[], ...parts: string[]) =>
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !parts.some((part) => each.includes(part))));

const LOOP = "print('before', 1);\nprint('last');\nfor (;;) {}";

test('a script without end: its prints arrive by every way, the header says so, and a restart ends the calls', async ({ app }) => {
  const { page } = app;
  await app.open('#/api');
  const ways = [
    ['restful', true],
    ['direct', false],
  ] as const;
  for (const [mode, streams] of ways) {
    const name = `${mode} ${streams}`;
    await begin(page, name, 'code', 'run', { source: LOOP, name: 'Endless' }, mode, streams);
    await begin(
      page,
      'other',
      'model',
      'generate',
      { prompt: 'Once', max_new_tokens: 400, ignore_eos: true },
      mode === 'direct' ? 'restful' : 'direct',
      true,
    );
    await isSilent(page);
    await expect(page.getByText('It is at work on the script “Endless”')).toBeVisible();
    const printed = async () => (await seenOf(page, name)).events.map(({ data }) => data.values);
    if (streams) await expect.poll(printed).toEqual([['before', 1], ['last']]);
    const before = await page.evaluate(() => globalThis.glassbox.client.mode);
    await restart(page);
    for (const each of [name, 'other']) await expect.poll(async () => (await seenOf(page, each)).problem?.code, name).toBe('cancelled');
    if (!streams)
      expect((await seenOf(page, name)).problem!.errors).toEqual([
        { path: '/output/0', message: 'before 1' },
        { path: '/output/1', message: 'last' },
      ]);
    expect(await page.evaluate(() => globalThis.glassbox.client.mode)).toBe(before);
  }
  forgive(app.complaints, '499');
});

test('the script panel says it with everyone, and keeps what was printed', async ({ app }) => {
  const { page } = app;
  await app.open('#/code/scripts');
  await page.getByRole('button', { name: 'New script' }).first().click();
  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(LOOP);
  await page.keyboard.press('Control+Enter');
  await isSilent(page);
  const output = page.getByRole('log', { name: 'Output' });
  await expect(output).toContainText('last');
  await expect(output).toContainText('The script blocks the worker');
  await output.getByRole('button', { name: 'Restart worker' }).click();
  await expect(light(page)).toHaveText('Ready');
  await expect(output).toContainText('The engine worker was restarted');
  await expect(output).toContainText('last');
  await expect(output).not.toContainText('The script blocks the worker');
  forgive(app.complaints, '499');
});

const POLICY = `export default {
  name: 'mine', rule: 'First come, first served.', parameters: {},
  create: () => ({ rank: (request) => request.arrivalOrder }),
};`;
const hangingSampler = `export default (logits, { tokenIds }) => {
  if (tokenIds.length > 30) for (;;) {}
  return logits.indexOf(Math.max(...logits));
};`;

test('a sampler that hangs after its check does not come back, an innocent policy does, and it can be made active again', async ({
  app,
}) => {
  const { page } = app;
  await app.open('#/code/sampler');
  await patch(page, 'scheduler.policy', POLICY);
  const revision = await patch(page, 'sampler', hangingSampler);
  expect((await patched(page)).toSorted()).toEqual(['sampler', 'scheduler.policy']);
  await begin(page, 'hung', 'model', 'generate', { prompt: 'Once upon a time', max_new_tokens: 60, ignore_eos: true }, 'restful', true);
  await isSilent(page);
  await expect(page.getByText('the patch of sampler')).toBeVisible();
  expect((await seenOf(page, 'hung')).events.length).toBeGreaterThan(5);
  await restart(page);
  await expect.poll(async () => (await seenOf(page, 'hung')).problem?.code).toBe('cancelled');
  await expect(page.getByText(/Started without the patch of Sampler/i)).toBeVisible();
  await expect.poll(() => patched(page)).toEqual(['scheduler.policy']);
  expect(await generate(page, { prompt: 'Once upon a time', max_new_tokens: 60, ignore_eos: true })).not.toBe('');

  // The same with a page that is left while it hangs.
  await page.evaluate(
    async (id) => void (await globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'sampler', revision_id: id })),
    revision,
  );
  expect((await patched(page)).toSorted()).toEqual(['sampler', 'scheduler.policy']);
  await begin(page, 'again', 'model', 'generate', { prompt: 'Once upon a time', max_new_tokens: 60, ignore_eos: true }, 'direct', true);
  await isSilent(page);
  await page.goto('about:blank');
  await app.open('#/playground');
  await expect(page.getByText(/Started without the patch of Sampler/i)).toBeVisible();
  expect(await patched(page)).toEqual(['scheduler.policy']);
  expect(await generate(page, { prompt: 'Once upon a time', max_new_tokens: 60, ignore_eos: true })).not.toBe('');

  // What was said once need not be said again.
  await app.open('#/tests');
  await page.reload();
  await page.evaluate(() => globalThis.glassbox.ready);
  await expect(page.getByText(/Started without/)).toHaveCount(0);
  await page.evaluate(
    async () => void (await globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'scheduler.policy' })),
  );
  forgive(app.complaints, '499');
});

const KINDS: [what: string, id: string, source: string, provoke: (page: Page) => Promise<unknown>][] = [
  [
    'a normalizer on some text',
    'tokenizer.normalizer',
    "export default (text) => {\n  if (text.includes('boom')) for (;;) {}\n  return text;\n};",
    (page) => page.evaluate(() => void globalThis.glassbox.client.post('tokenizer', 'tokenize', { text: 'boom' }).catch(() => {})),
  ],
  [
    'a timer that a sampler sets',
    'sampler',
    `let set = false;
export default (logits, { tokenIds }) => {
  if (!set && tokenIds.length > 20) setTimeout(() => { for (;;) {} }, 300);
  set ||= tokenIds.length > 20;
  return logits.indexOf(Math.max(...logits));
};`,
    (page) =>
      begin(page, 'timed', 'model', 'generate', { prompt: 'Once upon a time', max_new_tokens: 30, ignore_eos: true }, 'direct', true),
  ],
  [
    'promises that settle one another',
    'scheduler.policy',
    POLICY.replace(
      '(request) => request.arrivalOrder',
      '(request) => {\n    const again = () => Promise.resolve().then(again);\n    if (request.maxNewTokens === 77) again();\n    return request.arrivalOrder;\n  }',
    ),
    (page) =>
      page.evaluate(() => void globalThis.glassbox.client.post('model', 'generate', { prompt: 'Hi', max_new_tokens: 77 }).catch(() => {})),
  ],
];
for (const [what, id, source, provoke] of KINDS) {
  test(`${what}: the page knows which patch it is, and the next start leaves it out`, async ({ app }) => {
    const { page } = app;
    await app.open('#/playground');
    await patch(page, id, source);
    await provoke(page);
    await isSilent(page);
    await expect(page.getByText(`It is at work on the patch of ${id}`)).toBeVisible();
    await restart(page);
    await expect(page.getByText(/Started without the patch/)).toBeVisible();
    expect(await patched(page)).toEqual([]);
    forgive(app.complaints, '499');
  });
}

test('a patch that replaces what our own code calls: no answer to a look into the state, and it does not come back; long work is asked of twice', async ({
  app,
}) => {
  const { page } = app;
  await app.open('#/playground');
  // A clock is no part of the language, which is looked after: each call reads it at its start, after its input and at its end.
  const replaces = `let calls = 0;
const change = () => {
  const own = performance.now.bind(performance);
  let reads = 0, last = 0;
  performance.now = () => {
    reads = Date.now() - last < 50 ? reads + 1 : 1;
    last = Date.now();
    if (reads === 3) for (;;) {}
    return own();
  };
};
export default (logits) => {
  if (++calls === 24) setTimeout(change, 500);
  return logits.indexOf(Math.max(...logits));
};`;
  const provoke = () =>
    page.evaluate(async () => {
      const { client } = globalThis.glassbox;
      client.enableRestfulMode(false);
      await client.post('model', 'generate', { prompt: 'Once', max_new_tokens: 24, ignore_eos: true });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    });
  await patch(page, 'sampler', replaces);
  await provoke();
  await page.evaluate(() => void globalThis.glassbox.client.get('memory', 'blocks').catch(() => {}));
  await isSilent(page);
  await restart(page);
  await expect(page.getByText(/Started without the patch of Sampler/)).toBeVisible();
  expect(await patched(page)).toEqual([]);

  await patch(page, 'sampler', replaces);
  for (const expected of [['sampler'], []]) {
    await provoke();
    await page.evaluate(() => void globalThis.glassbox.client.post('tokenizer', 'tokenize', { text: 'hang' }).catch(() => {}));
    await expect(light(page)).toHaveText(/(Busy|No answer) for ([6-9]|\d\d) s/, { timeout: 30_000 });
    await light(page).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart worker' }).click();
    await comesBack(page);
    await page.keyboard.press('Escape');
    expect(await patched(page)).toEqual(expected);
  }
  await expect(page.getByText(/twice it was active/)).toBeVisible();
  forgive(app.complaints, '499');
});

test('a script can’t post to the page by itself, nor flood it', async ({ app }) => {
  const { page } = app;
  await app.open('#/scripts');
  const { data } = await page.evaluate(() =>
    globalThis.glassbox.client.send('code', 'run', {
      source: `const refused = [];
for (const post of [postMessage, self.postMessage, DedicatedWorkerGlobalScope.prototype.postMessage])
  try { post?.call(self, { kind: 'hello' }); } catch (error) { refused.push(error.name); }
try { self.postMessage = () => {}; } catch (error) { refused.push(error.name); }
print(refused.join());`,
    }),
  );
  expect(data).toMatchObject({ output: [{ data: { values: ['TypeError,TypeError,TypeError'] } }] });
  await expect(light(page)).toHaveText('Ready');
});

test('a worker that closes itself has ended, its calls end at once, and later ones do not wait', async ({ app }) => {
  const { page } = app;
  await app.open('#/api');
  await begin(page, 'open', 'model', 'generate', { prompt: 'Once', max_new_tokens: 400, ignore_eos: true }, 'restful', true);
  await begin(
    page,
    'closing',
    'code',
    'run',
    { source: "print('bye');\nsetTimeout(() => self.close(), 200);\nawait new Promise(() => {});" },
    'direct',
    true,
  );
  await expect(light(page)).toHaveText('Worker stopped');
  for (const name of ['open', 'closing']) await expect.poll(async () => (await seenOf(page, name)).problem?.code).toBe('internal');
  expect((await seenOf(page, 'closing')).events).toHaveLength(1);
  await begin(page, 'later', 'model', 'generate', { prompt: 'Once' }, 'restful', false);
  await expect.poll(async () => (await seenOf(page, 'later')).problem?.code).toBe('internal');
  await restart(page);
  expect(
    await page.evaluate(async () => (await globalThis.glassbox.client.post('tokenizer', 'tokenize', { text: 'Hi' })).input_ids.length),
  ).toBeGreaterThan(0);
  forgive(app.complaints, '500');
});

test('a long computation of our own is shown as busy, and a restart amid it leaves every patch active', async ({ app }) => {
  const { page } = app;
  await app.open('#/memory');
  await patch(page, 'scheduler.policy', POLICY);
  await patch(page, 'sampler', 'export default (logits) => logits.indexOf(Math.max(...logits));');
  await patch(page, 'tokenizer.normalizer', 'export default (text) => text;');
  await page.evaluate(() => {
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    void client.post('tokenizer', 'tokenize', { text: '漢字かな👍é '.repeat(200_000), return_offsets: true }).catch(() => {});
  });
  await expect(light(page)).toHaveText(/Busy for \d+ s/, { timeout: 30_000 });
  await light(page).click();
  await expect(page.getByText('At work on the call POST /tokenizer/tokenize')).toBeVisible();
  await page.getByRole('button', { name: 'Restart worker' }).first().click();
  await expect(light(page)).toHaveText('Ready', { timeout: 30_000 });
  expect((await patched(page)).toSorted()).toEqual(['sampler', 'scheduler.policy', 'tokenizer.normalizer']);
  await expect(page.getByText(/Started without/)).toHaveCount(0);
  forgive(app.complaints, '499');
});

test('no false alarm: a sampler of a second a token, and an error that is thrown in a timer', async ({ app }) => {
  const { page } = app;
  await app.open('#/playground');
  await page.evaluate(
    () => void globalThis.glassbox.client.post('code', 'run', { source: "setTimeout(() => { throw new Error('on purpose'); }, 0);" }),
  );
  await patch(
    page,
    'sampler',
    `export default (logits, { tokenIds }) => {
  for (const end = performance.now() + (tokenIds.length > 20 ? 1000 : 0); performance.now() < end; );
  return logits.indexOf(Math.max(...logits));
};`,
  );
  const words: string[] = [];
  await page.exposeFunction('light', (word: string) => words.push(word));
  await page.evaluate(() => {
    const button = document.querySelector('[aria-label^="Transport health"]')!;
    const tell = () => (globalThis as unknown as { light: (word: string) => void }).light(button.textContent);
    new MutationObserver(tell).observe(button, { childList: true, subtree: true, characterData: true });
  });
  // Six sequences in one step: it breathes between them.
  await page.evaluate(async () => {
    await globalThis.glassbox.client.post('model', 'generate', {
      prompt: 'Once upon a time there was a little dog who liked to run and play in the',
      n: 6,
      max_new_tokens: 2,
      ignore_eos: true,
    });
  });
  expect(words.filter((word) => /No answer|stopped/.test(word))).toEqual([]);
  await page.evaluate(async () => void (await globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'sampler' })));
  forgive(app.complaints, 'on purpose');
});

test('a worker whose code does not come: the header says so, and a restart tries again', async ({ browser }) => {
  // A service worker would answer for the network.
  const plain = await browser.newContext({ serviceWorkers: 'block' });
  const second = await plain.newPage();
  await second.route(/\/worker-[^/]*\.js/, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await second.goto(SITE_URL);
  await expect(light(second)).toHaveText('Worker stopped');
  await expect(second.getByText('could not be started').first()).toBeVisible();
  await second.unroute(/\/worker-[^/]*\.js/);
  await second.getByRole('button', { name: 'Restart worker' }).first().click();
  await expect(light(second)).toHaveText('Direct only');
  await plain.close();
});
