/** The seed runs from top to bottom over the real runtime, patch and experiment included, and what its comments say is so. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScriptOutput } from '../src/contract/code-run.ts';
import { nodeWorkers } from '../src/services/code/testing/node-workers.ts';
import { ortPlatform } from '../src/testing/model-platforms.ts';
import { openWorkbench } from '../src/testing/workbench.ts';

const PATIENT_MS = 120_000;
const workbench = openWorkbench({ models: ortPlatform(), spawnCandidate: await nodeWorkers() });
beforeAll(async () => {
  await workbench.load();
  await workbench.checker.warmUp();
}, PATIENT_MS);
afterAll(() => workbench.close());

test('each of its lines', { timeout: PATIENT_MS }, async () => {
  const output: ScriptOutput[] = [];
  const source = readFileSync('examples/seed.ts', 'utf8');
  await workbench.scripts.run({ source, language: 'typescript', name: 'seed' }, (each) => output.push(each), new AbortController().signal);
  const lines = output.flatMap((each) =>
    each.event === 'print' ? [each.data.values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)).join(' ')] : [],
  );
  expect(lines).toEqual([
    '["data","metadata","examples"]',
    'Hello world',
    expect.stringMatching(/^\d\d examples of the tokenizer$/),
    expect.stringMatching(/^logits .*1.*2048/s),
    'the same ids true',
    'kept flash_attention_v2 flash_attention 4',
    'its example failed /example_output/logits has 3 values; the model gives 2048, one for each token. Say with logits_at which tokens these are for.',
    expect.stringMatching(/^active [0-9a-f]+$/),
    expect.stringMatching(/^(\d+) of \1 examples pass, 0 left out$/),
  ]);
  const [table] = output.flatMap((each) => (each.event === 'table' ? [each.data] : []));
  expect(table).toMatchObject({ title: 'Experiment: done' });
  expect(table!.rows[0]!.slice(0, 4)).toEqual(['done', 'flash_attention', 512, 16]);
  // Nothing is left behind.
  const { plans } = (await workbench.call('GET', '/computation/plans')) as { plans: { id: string }[] };
  expect(plans.map(({ id }) => id)).toEqual(['default']);
  expect(await workbench.call('GET', '/code/resources', { patched: true })).toMatchObject({ resources: [] });
});
