/** Every view as it is when someone has used it: what a check of the whole page walks through. */
import type { Page } from '@playwright/test';

export interface FilledView {
  name: string;
  hash: string;
  /** Fills it by real use; what it made stays for the views after it. */
  use?: (page: Page) => Promise<unknown>;
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

async function write(page: Page, text: string) {
  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

const SCRIPT = `const { input_ids, tokens } = await client.post('tokenizer', 'tokenize', { text: 'Once upon a time, there was a little girl named Lily who lived in a house.' });
print({ tokens, nested: { ids: input_ids } });
table(tokens.map((token, i) => ({ i, token, id: input_ids[i], note: 'a rather long cell of text for ' + token })));
plot({ kind: 'line', title: 'Lengths', x_label: 'token', series: { length: tokens.map((token) => token.length) } });
plot({ kind: 'bar', title: 'Ids', labels: tokens, series: { id: input_ids } });
plot({ kind: 'heatmap', title: 'Map', values: tokens.map((_, i) => tokens.map((_, j) => i * j)), labels: tokens, row_labels: tokens });
throw new Error('on purpose, to see what it looks like');
`;

const INVALID = encodeURIComponent(JSON.stringify({ prompt: 'Hi', max_new_tokens: -5, max_tokens: 3, temperature: -1 }));

export const FILLED_VIEWS: readonly FilledView[] = [
  { name: 'playground, first', hash: '/playground' },
  {
    name: 'playground, generated',
    hash: '/playground',
    use: async (page) => {
      await page
        .getByRole('textbox', { name: 'Prompt' })
        .fill('Once upon a time, there was a little girl\nnamed Lily  who liked “naïve” frogs.');
      await press(page, /^Generate/);
      await page.mouse.move(1, 1);
      await page.getByText(/Finished:/).waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'playground, looked into',
    hash: '/playground',
    use: async (page) => {
      await page.getByRole('button', { name: 'Attention', exact: true }).click();
      await page.locator('canvas').first().waitFor();
      const panel = page.getByRole('region', { name: 'Interventions' });
      await panel.getByRole('button', { name: 'Interventions' }).click();
      await panel.getByRole('button', { name: 'Sweep layers and tokens' }).click();
      await panel.getByRole('button', { name: 'Stop the sweep' }).waitFor({ state: 'detached', timeout: 60_000 });
    },
  },
  {
    name: 'playground, parameters',
    hash: '/playground/max_new_tokens',
    use: (page) => page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('-5'),
  },
  { name: 'playground, chat', hash: '/playground', use: (page) => page.getByText('Chat', { exact: true }).click() },
  { name: 'API', hash: '/api' },
  {
    name: 'API, answered',
    hash: '/api/tokenizer/tokenize',
    use: async (page) => {
      await press(page, /^Send/);
      await page.getByText('200 OK').first().waitFor();
    },
  },
  {
    name: 'API, refused',
    hash: `/api/model/generate?input=${INVALID}`,
    use: async (page) => {
      await press(page, /^Send/);
      await page.getByRole('region', { name: 'Problem' }).waitFor();
    },
  },
  { name: 'API, weights', hash: '/api/model/loadWeights' },
  {
    name: 'scripts, run',
    hash: '/scripts',
    use: async (page) => {
      await press(page, 'New script');
      await write(page, SCRIPT);
      await page.keyboard.press('Control+Enter');
      await page.getByText('on purpose').last().waitFor();
    },
  },
  {
    name: 'code, patched',
    hash: '/code/tokenizer.normalizer',
    use: async (page) => {
      await press(page, 'Try it: Lower case');
      await page.getByText('tokenized differently').waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'code, refused',
    hash: '/code/sampler',
    use: async (page) => {
      await write(page, 'const sample = (logits: Float32Array) => ;\nexport default sample;\n');
      await page.keyboard.press('Control+s');
      await page.getByRole('alert', { name: 'Problems' }).waitFor();
    },
  },
  {
    name: 'tests',
    hash: '/tests',
    use: async (page) => {
      await press(page, 'Run memory');
      await page
        .getByText(/^\d+ passed, \d+ failed/)
        .first()
        .waitFor({ timeout: 60_000 });
    },
  },
  { name: 'tests, a case', hash: '/tests/tokenizer/plain%20text', use: (page) => press(page, 'Run') },
  {
    name: 'memory',
    hash: '/memory',
    use: async (page) => {
      await press(page, 'Run a small workload');
      await page.getByLabel('Memory now').getByText('0 / 512').waitFor({ state: 'detached' });
      await page.getByRole('region', { name: 'Plan', exact: true }).getByLabel('Blocks of tier gpu').fill('100000');
      await page.getByRole('region', { name: 'Plan', exact: true }).getByText('must be at most').waitFor();
    },
  },
  {
    name: 'scheduler',
    hash: '/scheduler',
    use: async (page) => {
      await page.getByRole('application', { name: /Live timeline/ }).focus();
      await page.keyboard.press('ArrowLeft');
      await press(page, /^Stop/);
    },
  },
  {
    name: 'workloads, compared',
    hash: '/scheduler/workloads',
    use: async (page) => {
      await press(page, 'Simulate');
      await page.getByText('makespan').waitFor({ timeout: 60_000 });
      await page.getByLabel('Policy', { exact: true }).selectOption('sjf');
      await press(page, 'Simulate');
      await page.getByRole('region', { name: 'Results' }).getByLabel('Compare with').selectOption('A');
    },
  },
  { name: 'kernel', hash: '/computation/kernels/naive' },
  {
    name: 'kernel, run',
    hash: '/computation/kernels/wgsl.softmax',
    use: async (page) => {
      await press(page, 'Run');
      await page.getByRole('region', { name: 'Result', exact: true }).getByText('Agrees').waitFor();
    },
  },
  {
    name: 'plan, run',
    hash: '/computation/plans',
    use: async (page) => {
      await press(page, 'Run the plan');
      await page
        .getByText(/Agrees with|Differs/)
        .first()
        .waitFor({ timeout: 60_000 });
    },
  },
  { name: 'benchmark', hash: '/computation/benchmark' },
  {
    name: 'experiment, run',
    hash: '/computation/experiments',
    use: async (page) => {
      await press(page, /^Run \d/);
      await page.getByText('done', { exact: true }).first().waitFor({ timeout: 90_000 });
    },
  },
  { name: 'nowhere', hash: '/a-page-with-a-rather-long-name-that-nobody-ever-made' },
];
