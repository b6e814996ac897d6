/** WGSL kernels patched on a real device: what becomes active and runs, what is refused and where, and that generation goes on meanwhile. */
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { Output } from '../src/contract/index.ts';
import siluMul from '../src/patchable/kernels/silu_mul.ts';
import softmax from '../src/patchable/kernels/softmax.ts';
import { expect, test } from './support.ts';

const SOFTMAX = softmax.source;
const SILU = siluMul.source;
/** One running maximum and sum instead of two passes. */
const ONLINE = readFileSync('src/ui/code/starters/softmax.online.wgsl.txt', 'utf8');
const SIZES = { rows: 3, columns: 100 };

type Refusal = { status: number; code: string; detail: string; errors: { path: string; message: string }[]; ms: number };

/** A PUT and what came of it. */
const put = (page: Page, id: string, source: string): Promise<Refusal | Output<'code', 'patch'>> =>
  page.evaluate(
    async ({ id: resource, source: text }) => {
      const { client } = globalThis.glassbox;
      client.enableRestfulMode(false);
      const start = performance.now();
      try {
        return await client.put('code', 'resources/{id}', { id: resource, source: text });
      } catch (error) {
        const { status, code, message, errors } = error as Refusal & Error;
        return { status, code, detail: message, errors, ms: performance.now() - start };
      }
    },
    { id, source },
  );

const refused = async (page: Page, id: string, source: string): Promise<Refusal> => {
  const answer = await put(page, id, source);
  if ('status' in answer) return answer;
  throw new Error(`It was accepted as ${answer.revision_id}.`);
};

const execute = (page: Page) =>
  page.evaluate(async (sizes) => {
    const { client } = globalThis.glassbox;
    const { outputs, ...rest } = await client.post('computation', 'execute', { kernel: 'wgsl.softmax', sizes, seed: 3 });
    return { ...rest, y: Array.from(outputs['y']!.data as Float32Array) };
  }, SIZES);

/** The line of the first text, as people count. */
const lineOf = (source: string, text: string) => source.slice(0, source.indexOf(text)).split('\n').length;

test('an equal variant becomes active for execute and benchmark, outlives a reload, and goes', async ({ app }) => {
  const { page } = app;
  await app.open();
  const before = await execute(page);
  expect(before).toMatchObject({ execution_provider: 'webgpu', revision_id: null, agreement: { passed: true } });

  const patch = (await put(page, 'kernel.softmax', ONLINE)) as Output<'code', 'patch'>;
  expect(patch).toMatchObject({ active: true, failed: 0, passed: 3, resource: { patched: true, language: 'wgsl' } });
  const after = await execute(page);
  expect(after).toMatchObject({ revision_id: patch.revision_id, agreement: { passed: true } });
  expect(after.y).not.toEqual(before.y);

  const described = await page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { source, revision_id } = await client.get('computation', 'kernels/{id}', { id: 'wgsl.softmax' });
    const { results } = await client.post('computation', 'benchmark', { kernels: ['wgsl.softmax'], warmup: 1, repeats: 3 });
    return { source, revision_id, measured: results[0]!.revision_id, timing: results[0]!.timing };
  });
  expect(described).toMatchObject({ source: ONLINE, revision_id: patch.revision_id, measured: patch.revision_id });
  expect(described.timing).not.toBeNull();

  await app.open();
  expect(await execute(page)).toMatchObject({ revision_id: patch.revision_id, y: after.y });
  await page.evaluate(() => globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'kernel.softmax' }));
  expect(await execute(page)).toMatchObject({ revision_id: null, y: before.y });
  await page.evaluate(
    (revision_id) => globalThis.glassbox.client.post('code', 'resources/{id}/revert', { id: 'kernel.softmax', revision_id }),
    patch.revision_id,
  );
  expect((await execute(page)).y).toEqual(after.y);
  await page.evaluate(() => globalThis.glassbox.client.delete('code', 'resources/{id}', { id: 'kernel.softmax' }));
  expect(await execute(page)).toMatchObject({ revision_id: null, y: before.y });
});

test('what is wrong is refused within 3 s with its place, and generation goes on', async ({ app }) => {
  const { page } = app;
  await app.open();
  const prompt = { prompt: 'Once upon a time', max_new_tokens: 48, temperature: 0, ignore_eos: true };
  const alone = await page.evaluate(
    async (input) => (await globalThis.glassbox.client.post('model', 'generate', input)).choices[0]!.token_ids,
    prompt,
  );
  const generating = page.evaluate(async (input) => {
    const out = [];
    for (let i = 0; i < 6; i++) out.push((await globalThis.glassbox.client.post('model', 'generate', input)).choices[0]!.token_ids);
    return out;
  }, prompt);

  const wrong = await refused(page, 'kernel.softmax', SOFTMAX.replace('/ sum;', '/ (sum + 0.5);'));
  expect(wrong).toMatchObject({ status: 422, code: 'code_invalid' });
  expect(wrong.detail).toMatch(/case “rows = 3, columns = 100”: `y\[\d+, \d+\]` is [\d.e-]+ where the reference has/);

  const broken = SOFTMAX.replace('sum = parts[0];', 'sum = parts[0] +;');
  const syntax = await refused(page, 'kernel.softmax', broken);
  expect(syntax.errors[0]!.path).toBe(`source:${lineOf(broken, 'parts[0] +;')}:${'  sum = parts[0] +;'.indexOf(';') + 1}`);

  const layout = await refused(page, 'kernel.silu_mul', SILU.replace('@binding(3)', '@binding(7)'));
  expect(layout.detail).toContain('binding');

  const reading = SILU.replace('gate[i] /', 'gate[i + 1u] /');
  const read = await refused(page, 'kernel.silu_mul', reading);
  expect(read.errors).toContainEqual({
    path: `source:${lineOf(reading, 'i + 1u')}:${
      reading
        .split('\n')
        .find((line) => line.includes('i + 1u'))!
        .indexOf('gate[i') + 1
    }`,
    message: 'Reads `gate` (binding 0) out of bounds.',
  });

  const writing = SILU.replace('y[i] =', 'y[i + 64u] = 0.0; y[i] =');
  const wrote = await refused(page, 'kernel.silu_mul', writing);
  expect(wrote.errors).toContainEqual({
    path: expect.stringContaining(`source:${lineOf(writing, 'i + 64u')}:`),
    message: 'Writes `y` (binding 2) out of bounds.',
  });

  const unwritten = await refused(page, 'kernel.silu_mul', SILU.replace('y[i] =', 'if (i != 5u) { return; } y[i] ='));
  expect(unwritten.detail).toContain('every element must be written');

  const endless = SILU.replace('y[i] =', 'var turns = 0u;\n  while (true) { turns++; }\n  y[i] =');
  const looping = await refused(page, 'kernel.silu_mul', endless);
  expect(looping.errors[0]).toMatchObject({ path: `source:${lineOf(endless, 'while')}:3` });
  expect(looping.detail).toContain('it does not end');

  for (const { ms } of [wrong, syntax, layout, read, wrote, unwritten, looping]) expect.soft(ms).toBeLessThan(3000);
  for (const token_ids of await generating) expect(token_ids).toEqual(alone);
  const { resource } = (await put(page, 'kernel.silu_mul', SILU)) as Output<'code', 'patch'>;
  expect(resource.patched).toBe(false);
  // The refusals are what this test is about.
  app.complaints.splice(0, app.complaints.length, ...app.complaints.filter((each) => !/422/.test(each)));
});

test('a kernel that asks how long its bindings are is welcome', async ({ app }) => {
  await app.open();
  const source = SILU.replace('i >= params.elements', 'i >= arrayLength(&y)');
  expect(await put(app.page, 'kernel.silu_mul', source)).toMatchObject({ active: true, failed: 0 });
  await app.page.evaluate(() => globalThis.glassbox.client.delete('code', 'resources/{id}', { id: 'kernel.silu_mul' }));
});

test('in the code panel a kernel is refused at its line, patched, and its speed set beside the built-in one', async ({ app }) => {
  const { page } = app;
  await app.open('#/code/kernel.silu_mul');
  const effect = page.getByRole('region', { name: 'Effect', exact: true });
  await expect(effect).toContainText('built-in');
  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('fn main() { let x = ; }');
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('alert', { name: 'Problems' })).toContainText('1:21');

  await page.goto(new URL('#/code/kernel.softmax', page.url()).href);
  // The kernel before is built in as well: its menu would go while it is clicked.
  await expect(page.getByRole('heading', { level: 1, name: 'Softmax' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: /^Source of kernel\.softmax/ })).toBeAttached();
  await expect(effect).toContainText('rows 32, columns 256');
  await page.getByRole('button', { name: 'Start from' }).click();
  await page.getByRole('menuitem', { name: 'Online softmax' }).click();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Tests', exact: true })).toContainText('3 passed');
  await expect(effect).toContainText(/×\s*[\d.]+/);
  await page.getByRole('button', { name: 'Back to built-in' }).click();
  await expect(page.getByRole('button', { name: 'Back to built-in' })).toHaveCount(0);
  app.complaints.splice(0, app.complaints.length, ...app.complaints.filter((each) => !/422/.test(each)));
});
