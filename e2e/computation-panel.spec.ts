/** The computation panel as a person uses it: a kernel is run and compared, a benchmark streams and is stopped, a plan is written, run and kept. */
import { expect, test } from './support.ts';

/** What the browser itself writes for an answer that refuses. */
const refusals = (complaints: string[], status: number) =>
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !each.includes(`status of ${status}`)));

test('kernels: opened and run with the keyboard, on drawn inputs and on given ones', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation');
  await page.getByRole('tab', { name: 'Kernels' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/#\/computation\/benchmark$/);
  await page.keyboard.press('ArrowLeft');
  await page
    .getByRole('navigation', { name: 'Kernels' })
    .getByRole('link', { name: /Softmax/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/computation\/kernels\/wgsl\.softmax$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Softmax' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Ports' })).toContainText('float32 [rows, columns]');
  await expect(page.getByRole('region', { name: 'Cost' })).toContainText('5·rows·columns');

  const run = page.getByRole('region', { name: 'Run', exact: true });
  await run.getByRole('textbox', { name: 'rows' }).fill('3');
  await page.keyboard.press('Control+Enter');
  const result = page.getByRole('region', { name: 'Result', exact: true });
  await expect(result).toContainText('Agrees with its TypeScript reference');
  await expect(result).toContainText('On WebGPU, seed 0, rows 3, columns 64');
  await result.getByRole('application', { name: /^y float32 \[3, 64\]/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(result).toContainText('at y[1]');

  await run.getByRole('textbox', { name: 'rows' }).fill('0');
  await run.getByRole('button', { name: 'Run' }).click();
  // Said once, at the field, which has the focus.
  await expect(run.getByRole('textbox', { name: 'rows' })).toHaveAccessibleDescription(/^rows must be at least 1; it is 0\.$/);
  await expect(run.getByRole('textbox', { name: 'rows' })).toBeFocused();
  await expect(page.getByText('must be at least 1')).toHaveCount(1);

  await run.getByText('Your own, as JSON').click();
  await run.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  // The editor closes the brace that is typed first.
  await page.keyboard.insertText('{ "x": { "dtype": "float32", "shape": [1, 4], "data": [0, 0, 0, 0] } ');
  await page.keyboard.press('Control+Enter');
  await expect(result).toContainText('given inputs');
  await expect(result.getByText('0.25', { exact: true })).toHaveCount(4);

  const code = page.getByRole('region', { name: 'Code' });
  await expect(code).toContainText('@compute @workgroup_size');
  await code.getByText('Reference, TypeScript').click();
  await expect(code).toContainText('const reference: KernelReference');
  refusals(app.complaints, 422);
});

test('kernels: an attention fragment leads to its code', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation/kernels/flash_attention');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Result', exact: true })).toContainText('On WASM');
  await page.getByRole('link', { name: 'Patch it' }).click();
  await expect(page).toHaveURL(/#\/code\/model\.attention$/);
});

test('benchmark: flash_attention against naive is one click, with plot, figures and the roofline', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation/benchmark');
  await page.getByRole('button', { name: /flash_attention against naive/ }).click();
  const benchmark = page.getByRole('region', { name: 'Benchmark', exact: true });
  await expect(benchmark.getByRole('progressbar')).toBeVisible();
  await expect(benchmark).toContainText('8 of 8 done', { timeout: 90_000 });
  await expect(benchmark).toContainText(/flash_attention takes [\d. –]+× the time of naive/);
  await expect(benchmark).toContainText('All 8 agree with their references');
  await expect(benchmark).toContainText(/Roofline of wasm: [\d.]+ GFLOP\/s/);
  await expect(benchmark.getByRole('img', { name: /^Time over tokens: naive, 4 values; flash_attention, 4 values/ })).toBeVisible();
  await benchmark.getByText('GFLOP/s', { exact: true }).first().click();
  await expect(benchmark.getByRole('img', { name: /^GFLOP\/s over tokens/ })).toBeVisible();
  const table = benchmark.getByRole('region', { name: 'Results' });
  await expect(table.getByRole('row')).toHaveCount(9);
  for (const column of ['median ms', 'p95 ms', 'CV %', 'GB/s', '% of roofline', 'largest error'])
    await expect(table.getByRole('columnheader', { name: column })).toBeVisible();

  const [download] = await Promise.all([page.waitForEvent('download'), benchmark.getByRole('button', { name: 'Export JSON' }).click()]);
  expect(download.suggestedFilename()).toBe('benchmark-1.json');
});

test('benchmark: a kernel and a plan of one’s choice, and Stop ends the work', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation/benchmark?kernel=wgsl.argmax');
  const form = page.getByRole('form', { name: 'Your own benchmark' });
  await expect(form.getByLabel('wgsl.argmax')).toBeChecked();
  await form.getByLabel('Default').check();
  await expect(form).toContainText('They share no size');
  await form.getByLabel('Repeats').fill('2');
  await form.getByRole('button', { name: 'Measure' }).click();
  const benchmark = page.getByRole('region', { name: 'Benchmark', exact: true });
  await expect(benchmark).toContainText('2 of 2 done', { timeout: 60_000 });
  await expect(benchmark.getByRole('columnheader', { name: 'decode tokens/s' })).toBeVisible();

  await form.getByLabel('wgsl.argmax').uncheck();
  await form.getByLabel('Default').uncheck();
  await form.getByLabel('naive', { exact: true }).check();
  await form.getByRole('checkbox', { name: 'tokens' }).check();
  await form.getByLabel('Values of tokens').fill('16, 256');
  await form.getByLabel('Repeats').fill('10000');
  await form.getByLabel('Limit, ms').fill('600000');
  await form.getByRole('button', { name: 'Measure' }).click();
  await expect(benchmark.getByRole('status')).toContainText('Running for');
  await form.getByRole('button', { name: 'Stop' }).click();
  await expect(benchmark).toContainText(/Stopped after \d of 2 results/);
  await expect
    .poll(() => page.evaluate(async () => (await globalThis.glassbox.client.get('computation', 'info')).state.running))
    .toBeNull();

  await form.getByLabel('Values of tokens').fill('many');
  await form.getByRole('button', { name: 'Measure' }).click();
  await expect(form.getByLabel('Values of tokens')).toBeFocused();
  await expect(form.getByLabel('Values of tokens')).toHaveAccessibleDescription(/must be whole numbers/);
});

test('plans: a copy is written, refused at its field, kept, run against its example, deleted and brought back', async ({ app }) => {
  const { page } = app;
  await app.open('#/computation/plans/default');
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await page.getByRole('region', { name: 'Default copy' }).getByRole('textbox', { name: 'name' }).fill('Two stories');
  const own = page.getByRole('region', { name: 'Two stories' });
  const at = (name: string) => own.locator(`[data-pointer="/${name}"]`);
  await expect(own).toContainText('It can run as it says');
  await at('seq_len').getByRole('textbox').fill('5000');
  await expect(at('seq_len')).toContainText('the context of default is 512');
  await own
    .getByRole('alert', { name: 'Problems' })
    .getByRole('button', { name: /seq_len/ })
    .click();
  await expect(at('seq_len').getByRole('textbox')).toBeFocused();

  await own.getByLabel('Prompts, one a line').fill('Once upon a time\nThe little dog');
  await own.getByRole('button', { name: 'Take as example input' }).click();
  await expect(at('batch_size').getByRole('textbox')).toHaveValue('2');
  await at('decode_tokens').getByRole('textbox').fill('4');
  await at('kernel').getByRole('combobox').selectOption({ label: 'naive' });
  await at('compute_dtype').getByText('float16', { exact: true }).click();
  await at('execution_provider').getByText('wasm', { exact: true }).click();
  await expect(at('compute_dtype')).toContainText('WASM computes in float32 only');
  await at('decode_tokens').getByRole('textbox').press('Control+s');
  await expect(page).toHaveURL(/#\/computation\/plans\/plan_/);

  const run = own.getByRole('region', { name: 'Run', exact: true });
  await run.getByRole('button', { name: 'Run the plan' }).click();
  const result = own.getByRole('region', { name: 'Result', exact: true });
  await expect(result).toContainText('Agrees with the built-in code', { timeout: 60_000 });
  // The first run of a plan says what it gives, the next is held against that.
  await expect(result).toContainText('The tokens equal the example output');
  await expect(result.getByRole('list', { name: 'Fallbacks' })).toContainText('WASM computes in float32 only.');
  await expect(result).toContainText('Used naive on wasm in float32');
  await expect(result).toContainText('output tokens/s');
  await expect(result).toContainText('Once upon a time, there was');
  await at('example_output').getByRole('textbox').first().fill('1, 2, 3, 4');
  await expect(result).toContainText('Other tokens than the example output in 1 of 2 sequences');
  await own.getByRole('button', { name: 'Discard' }).click();
  await expect(result).toContainText('The tokens equal the example output');
  await expect(own.getByRole('link', { name: 'Experiment with it' })).toHaveAttribute('href', /#\/computation\/experiments\?plan=plan_/);

  await page.reload();
  await page.evaluate(() => globalThis.glassbox.ready);
  await expect(own).toContainText('It could not run now as it says');
  await own.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'was deleted' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(own.getByRole('combobox', { name: 'kernel' })).toHaveValue('"naive"');
});
