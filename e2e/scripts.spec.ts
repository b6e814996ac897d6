/** The example scripts that need kernels and patches run to their end in the page's worker, and leave nothing behind. */
import { readFileSync } from 'node:fs';
import { expect, test } from './support.ts';

test('an experiment over kernels, and a plan with a patch, run as scripts', async ({ app }) => {
  const { page } = app;
  await app.open();
  const run = (name: string) =>
    page.evaluate(
      async ({ name, source }) => {
        const { client } = globalThis.glassbox;
        const { output } = await client.post('code', 'run', { source, language: 'typescript', name });
        const { resources } = await client.get('code', 'resources', { patched: true });
        const { plans } = await client.get('computation', 'plans');
        return {
          titles: output.flatMap((each) => (each.event === 'print' ? [] : [each.data.title])),
          text: output.flatMap((each) => (each.event === 'print' ? [each.data.values.join(' ')] : [])).join('\n'),
          left: [...resources.map(({ id }) => id), ...plans.map(({ id }) => id)].filter((id) => /^(sampler|two-by-sixteen)$/.test(id)),
        };
      },
      { name, source: readFileSync(`examples/${name}.ts`, 'utf8') },
    );
  const kernels = await run('attention-kernels-by-batch-size');
  expect(kernels.titles).toEqual(['Attention kernels by batch size: done', 'Decode']);
  expect(kernels.text).toMatch(/Weights \w+ seed 7/);
  const plan = await run('keep-a-plan-and-patch-the-sampler');
  expect(plan.titles).toEqual(['Where the run departed from the plan', 'One prompt, two seeds']);
  expect(plan.text).toMatch(/Kept two-by-sixteen it can run now/);
  expect(plan.left).toEqual([]);
});
