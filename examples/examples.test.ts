/** Every example runs to its end, as a user would run it: by the script runner, over real services on the slow reference runtime. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { ScriptOutput } from '../src/contract/code-run.ts';
import { loadTinyModel, scripts } from '../src/testing/reference-workbench.ts';

beforeAll(loadTinyModel);

async function run(name: string): Promise<{ output: ScriptOutput[]; titles: string[]; text: string }> {
  const output: ScriptOutput[] = [];
  const source = readFileSync(`examples/${name}.ts`, 'utf8');
  await scripts.run({ source, language: 'typescript', name }, (each) => output.push(each), new AbortController().signal);
  const titles = output.flatMap((each) => (each.event === 'print' ? [] : [`${each.event}: ${each.data.title}`]));
  const text = output.flatMap((each) => (each.event === 'print' ? [each.data.values.join(' ')] : [])).join('\n');
  return { output, titles, text };
}

test('the algorithm developer compares two prompts', async () => {
  const { titles, output } = await run('algorithm-developer');
  expect(titles).toEqual([
    'table: After “The little dog was very happy”',
    'table: After “The little dog was very sad”',
    'plot: Layer 0, head 0',
  ]);
  const heatmap = output.find((each) => each.event === 'plot');
  expect(heatmap?.data).toMatchObject({ kind: 'heatmap' });
});

test('the production researcher measures', async () => {
  const { titles, text } = await run('production-research');
  expect(titles).toEqual(['table: One call, in µs', 'table: One prompt, four seeds', 'plot: Throughput']);
  expect(text).toMatch(/A direct call costs -?\d+\.\d\d µs more than the method itself/);
});

test('the researcher goes on where experiments are not built', async () => {
  const { titles, text } = await run('researcher');
  expect(titles.join()).toMatch(/table: (Attention kernels by batch size|By hand)/);
  expect(titles.join().includes('By hand')).toBe(text.includes('not built yet'));
});

test('the system designer is told what is not built', async () => {
  const { text } = await run('system-designer');
  expect(text).toMatch(/Kept two-by-sixteen|Execution plans: .*not built yet/);
});

test('the tester tabulates every service', async () => {
  const { output, titles } = await run('tester');
  expect(titles.slice(0, 2)).toEqual(['table: Examples of every service', 'plot: Cases']);
  const [table] = output.flatMap((each) => (each.event === 'table' ? [each.data] : []));
  expect(table!.rows.map(([service]) => service)).toEqual(['tokenizer', 'model', 'memory', 'scheduler', 'computation', 'code']);
});

test('there is a test here for every example', () => {
  const files = readdirSync('examples').flatMap((file) => /^([\w-]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(files.sort()).toEqual(['algorithm-developer', 'production-research', 'researcher', 'system-designer', 'tester']);
});
