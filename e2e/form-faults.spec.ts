/** Whatever a form is of: what is wrong stands once, at its field, in the same words, and in no alert. */
import type { Locator, Page } from '@playwright/test';
import { type App, expect, test } from './support.ts';

async function expectFault(field: Locator, sentence: string) {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(new RegExp(sentence.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)));
  await expect(field.page().getByText(sentence)).toHaveCount(1);
  await expect(field.page().getByRole('alert')).toHaveCount(0);
}

/** The browser itself notes an answer that refuses. */
function expectRefusals(app: App) {
  for (const complaint of app.complaints.splice(0))
    expect(complaint).toMatch(/the server responded with a status of (?:404|409|422|502|507)/);
}

interface Typed {
  form: string;
  address: string;
  open?: (page: Page) => Promise<void>;
  field: (page: Page) => Locator;
  bad: string;
  sentence: string;
}

const named = (name: string) => (page: Page) => page.getByRole('textbox', { name, exact: true });

/** What a field sees itself. */
const TYPED: readonly Typed[] = [
  ...(['gpu', 'cpu', 'disk'] as const).map((tier) => ({
    ...{ form: 'memory plan', address: '#/memory', field: named(`Blocks of tier ${tier}`) },
    ...{ bad: '1.5', sentence: `${tier} must be a whole number; it is 1.5.` },
  })),
  { form: 'memory plan', address: '#/memory', field: named('Watermark'), bad: 'abc', sentence: 'Watermark must be a number; it is "abc".' },
  { form: 'allocation', address: '#/memory', field: named('Tokens'), bad: '-5', sentence: 'Tokens must be at least 1; it is −5.' },
  { form: 'allocation', address: '#/memory', field: named('Tokens'), bad: '', sentence: 'Tokens is required.' },
  { form: 'policy', address: '#/scheduler', field: named('token_budget'), bad: '0', sentence: 'token_budget must be at least 1; it is 0.' },
  {
    form: 'workload',
    address: '#/scheduler/workloads',
    field: named('Requests/s'),
    bad: '-1',
    sentence: 'Requests/s must be at least 0.000001; it is −1.',
  },
  {
    ...{ form: 'workload', address: '#/scheduler/workloads', field: named('Priorities'), bad: 'abc' },
    sentence: 'Priorities must be whole numbers with commas between them; it is "abc".',
  },
  {
    ...{ form: 'kernel run', address: '#/computation/kernels/naive', field: named('Seed'), bad: '-1' },
    sentence: 'Seed must be at least 0; it is −1.',
  },
  {
    ...{ form: 'benchmark', address: '#/computation/benchmark?kernel=naive', field: named('Repeats'), bad: '0' },
    sentence: 'Repeats must be at least 1; it is 0.',
  },
  {
    ...{ form: 'benchmark', address: '#/computation/benchmark?kernel=naive', field: named('Values of tokens'), bad: '64, x' },
    open: async (page) => page.getByRole('checkbox', { name: 'tokens', exact: true }).check(),
    sentence: 'Values of tokens must be whole numbers from 1 with commas between them; it is "64, x".',
  },
  {
    ...{ form: 'experiment', address: '#/computation/experiments', field: named('Values of batch_size'), bad: '' },
    open: async (page) => void (await page.getByLabel('Add a field of the plan').selectOption('batch_size')),
    sentence: 'batch_size must have at least one value, or be removed.',
  },
  {
    ...{ form: 'experiment', address: '#/computation/experiments', field: named('Repeats'), bad: '2.5' },
    sentence: 'Repeats must be a whole number; it is 2.5.',
  },
  {
    ...{ form: 'playground', address: '#/playground', field: named('max_new_tokens'), bad: '-5' },
    sentence: 'max_new_tokens must be at least 1; it is −5.',
  },
];

test('every form says what a field can not take at that field, in one wording', async ({ app }) => {
  const { page } = app;
  await app.open('#/memory');
  for (const { form, address, open, field, bad, sentence } of TYPED) {
    await test.step(`${form}: ${sentence}`, async () => {
      await page.evaluate((hash) => (location.hash = hash), address);
      await open?.(page);
      const place = field(page);
      const before = await place.inputValue();
      await place.fill(bad);
      await place.blur();
      await expect(place).toHaveValue(bad);
      if (form === 'playground') await expect(place).toHaveAccessibleDescription(sentence);
      else await expectFault(place, sentence);
      await place.fill(before);
      await expect(place).not.toHaveAttribute('aria-invalid', 'true');
    });
  }
});

/** What only the service sees. */
const SENT: readonly (Typed & { send: string })[] = [
  {
    ...{ form: 'memory plan', address: '#/memory', field: named('Blocks of tier gpu'), bad: '100000', send: 'Apply' },
    sentence: 'gpu must be at most',
  },
  {
    ...{ form: 'allocation', address: '#/memory', field: named('Tokens'), bad: '9999999', send: 'Allocate' },
    sentence: 'Tokens must fit the free blocks: they need',
  },
  {
    ...{ form: 'workload', address: '#/scheduler/workloads', bad: '500', send: 'Simulate' },
    field: (page) => page.getByRole('textbox', { name: 'min', exact: true }).first(),
    sentence: 'Prompt tokens, min, must be at most max, which is 160; it is 500.',
  },
  {
    ...{ form: 'workload', address: '#/scheduler/workloads', field: named('Priorities'), bad: '0, 300', send: 'Simulate' },
    sentence: 'Priorities[1] must be at most 100; it is 300.',
  },
  {
    ...{ form: 'kernel run', address: '#/computation/kernels/naive', field: named('tokens'), bad: '0', send: 'Run' },
    sentence: 'tokens must be at least 1; it is 0.',
  },
  {
    ...{ form: 'kernel run', address: '#/computation/kernels/naive', field: named('scale'), bad: '-1', send: 'Run' },
    sentence: 'scale must be at least 0; it is −1.',
  },
];

test('what a service answers stands at the field that it names, which has the focus', async ({ app }) => {
  const { page } = app;
  await app.open('#/memory');
  for (const { form, address, field, bad, send, sentence } of SENT) {
    await test.step(`${form}: ${sentence}`, async () => {
      await page.evaluate((hash) => (location.hash = hash), address);
      const place = field(page);
      const before = await place.inputValue();
      await place.fill(bad);
      // A plan is asked about while it is written, and can't be applied then.
      const button = page.locator('form').filter({ has: place }).getByRole('button', { name: send, exact: true });
      if (form !== 'memory plan') {
        await button.click();
        await expect(place).toBeFocused();
      }
      await expectFault(place, sentence);
      await place.fill(before);
      await expect(place).not.toHaveAttribute('aria-invalid', 'true');
    });
  }
  expectRefusals(app);
});

test('memory plan: what is no number can be taken back, and no answer stands beside it', async ({ app }) => {
  const { page } = app;
  await app.open('#/memory');
  const plan = page.getByRole('region', { name: 'Plan', exact: true });
  const cpu = plan.getByRole('textbox', { name: 'Blocks of tier cpu' });
  await cpu.fill('16');
  await plan.getByRole('button', { name: 'Apply' }).click();
  await expect(plan.getByRole('status')).toContainText('Applied.');
  await cpu.fill('abc');
  await expect(plan.getByRole('status')).toHaveCount(0);
  await plan.getByRole('button', { name: 'Reset' }).click();
  await expect(cpu).toHaveValue('16');
  await expect(cpu).not.toHaveAttribute('aria-invalid', 'true');
  await cpu.fill('0');
  await plan.getByRole('button', { name: 'Apply' }).click();
  await expect(plan.getByRole('status')).toContainText('Applied.');
});

test('a trace that is refused is told at its file, and the name of a run says what was changed of it', async ({ app }) => {
  const { page } = app;
  await app.open('#/scheduler/workloads');
  await page.getByLabel('Arrivals').selectOption('trace');
  const file = page.getByRole('button', { name: 'Trace', exact: true });
  const choose = (name: string, text: string) =>
    page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const simulate = page.getByRole('button', { name: 'Simulate', exact: true });
  await simulate.click();
  await expectFault(file, 'Trace is required: choose a file.');
  await choose('bad.csv', 'a,b\n1,2\n');
  await simulate.click();
  await expectFault(file, "Trace can't be read: line 1: expected the columns TIMESTAMP, ContextTokens, GeneratedTokens; got a, b.");
  await choose('empty.csv', '');
  await expect(page.getByText('empty.csv: 0 lines')).toBeVisible();
  await choose('az.csv', 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6,37,4\n');
  await simulate.click();
  await expect(page.getByLabel('Run', { exact: true })).toContainText('az.csv, first 40, gaps × 0.1');
  expectRefusals(app);
});

test('playground: what the service refuses of a parameter stands at that parameter while it is so', async ({ app }) => {
  const { page } = app;
  await app.open('#/playground');
  const stop = page.getByRole('combobox', { name: 'stop', exact: true });
  await stop.fill('x'.repeat(1025));
  await stop.press('Enter');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('2');
  await page.getByRole('button', { name: 'Generate' }).click();
  await expectFault(stop, 'stop[0] must have at most 1024 characters; it has 1025.');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('3');
  await expect(stop).not.toHaveAttribute('aria-invalid', 'true');
  expectRefusals(app);
});

test('model loader: each place says at its field what can not be loaded, relative addresses can be sent, and a folder keeps its name', async ({
  app,
}) => {
  const { page } = app;
  await app.open();
  await page.getByTitle(/Load another model/).click();
  const dialog = page.getByRole('dialog', { name: 'Load a model' });
  const load = dialog.getByRole('button', { name: 'Load', exact: true });
  const kind = (name: string) => dialog.getByText(name, { exact: true }).click();

  const bundled = dialog.getByRole('textbox', { name: 'Bundled model' });
  await bundled.fill('');
  await load.click();
  await expect(bundled).toBeFocused();
  await expectFault(bundled, 'Bundled model is required.');
  await bundled.fill('no-such');
  await load.click();
  await expectFault(bundled, 'Bundled model names no folder of a model on this site, as default does.');
  await expect(bundled).toBeFocused();
  expectRefusals(app);

  await kind('Hub');
  const repo = dialog.getByRole('textbox', { name: 'Repository' });
  await load.click();
  await expectFault(repo, 'Repository is required.');
  await repo.fill('x');
  await expectFault(repo, 'Repository must be owner/name; it is "x".');

  await kind('Folder');
  const choose = dialog.getByRole('button', { name: 'Choose a folder' });
  await load.click();
  await expect(choose).toHaveAccessibleDescription(/Folder is required: choose one\./);

  await kind('URL');
  const url = dialog.getByRole('textbox', { name: 'Address of the folder' });
  await url.fill('ftp://host/m');
  await expectFault(url, 'Address of the folder must be an address of http or https; it is "ftp://host/m".');
  await url.fill('models/default/');
  await load.click();
  await expect(dialog.getByRole('status')).toContainText('default is loaded', { timeout: 60_000 });
});

test('a case of one’s own says at each field what keeps it from being kept', async ({ app }) => {
  const { page } = app;
  await app.open('#/tests');
  await page.getByRole('button', { name: 'Add a case' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'A case of your own' });
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await name.fill('');
  await dialog.getByRole('button', { name: 'Keep this case' }).click();
  await expect(name).toBeFocused();
  await expectFault(name, 'Name is required.');
  await name.fill('mine');
  const input = dialog.getByRole('textbox', { name: 'Input' });
  await input.fill('{"text": ');
  await expectFault(input, 'Input must be JSON: expected a value in line 1, column 10; the text ends there.');
  await input.fill('[]');
  await expectFault(input, 'Input must be an object.');
});
