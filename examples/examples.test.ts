/** Examples run to its end, as a user would run it: by the script runner, over real services on the slow reference runtime. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { ScriptOutput } from '../src/contract/code-run.ts';
import { serviceNames } from '../src/contract/index.ts';
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

test('two prompts are compared', async () => {
  const { titles, output } = await run('compare-two-prompts');
  expect(titles).toEqual([
    'table: After “The little dog was very happy”',
    'table: After “The little dog was very sad”',
    'plot: Layer 0, head 0',
  ]);
  const heatmap = output.find((each) => each.event === 'plot');
  expect(heatmap?.data).toMatchObject({ kind: 'heatmap' });
});

test('calls and throughput are measured', async () => {
  const { titles, text } = await run('call-overhead-and-throughput');
  expect(titles).toEqual(['table: One call, in µs', 'table: One prompt, four seeds', 'plot: Throughput']);
  expect(text).toMatch(/A direct call costs -?\d+\.\d\d µs more than the method itself/);
});

test('the examples of every service are run', async () => {
  const { output, titles } = await run('run-every-example');
  expect(titles.slice(0, 2)).toEqual(['table: Examples of every service', 'plot: Cases']);
  const [table] = output.flatMap((each) => (each.event === 'table' ? [each.data] : []));
  expect(table!.rows.map(([service]) => service)).toEqual([...serviceNames]);
});

test('there is a test here for every example', () => {
  const files = readdirSync('examples').flatMap((file) => /^([\w-]+)\.ts$/.exec(file)?.[1] ?? []);
  // Two of them need kernels and patches: they run in the browser (e2e/scripts.spec.ts). The seed has a test of its own.
  expect(files.sort()).toEqual([
    'attention-kernels-by-batch-size',
    'call-overhead-and-throughput',
    'compare-two-prompts',
    'keep-a-plan-and-patch-the-sampler',
    'run-every-example',
    'seed',
  ]);
});
