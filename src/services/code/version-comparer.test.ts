/** Versions compared beside what is active: that is never touched, and every kind of version gives what it is. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { ArrayTensor, Output } from '../../contract/index.ts';
import { TEXTS } from '../../patchable/generated/texts.ts';
import { newContext } from '../../transport/dispatch.ts';
import { nodeWorkers } from './testing/node-workers.ts';
import { characterTokenizer } from './testing/character-tokenizer.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/llama-gqa-tied', import.meta.url));
const PATIENT_MS = 20_000;
const LAST = 'export default (logits: Float32Array) => logits.lastIndexOf(Math.max(...logits));\n';
const WORST = 'export default (logits: Float32Array) => logits.indexOf(Math.min(...logits));\n';

let bench: Workbench;
beforeAll(async () => {
  bench = openWorkbench(folder, characterTokenizer('abcdefghijklmnopqrstuvwxyzABCDEF'), await nodeWorkers());
  await bench.load();
  await bench.call('GET', '/code/resources');
}, 60_000);

const put = (id: string, source: string) =>
  bench.call('PUT', '/code/resources/{id}', { id, source, time_limit_ms: PATIENT_MS }) as Promise<Output<'code', 'patch'>>;
const remove = (id: string) => bench.call('DELETE', '/code/resources/{id}', { id });
const compare = (id: string, more: object = {}) =>
  bench.call('POST', '/code/compare/{id}', { id, prompt: 'abc', max_new_tokens: 6, ...more }) as Promise<Output<'code', 'compareVersions'>>;
const ids = ({ generated }: Output<'code', 'compareVersions'>['before']) => generated.map(({ token_id }) => token_id);

test('generations under way use the patch throughout, and what is active is the same after', async () => {
  const { revision_id } = await put('sampler', WORST);
  const request = { input_ids: [0, 1, 2], max_new_tokens: 24, temperature: 0 };
  const tokens = async () => ((await bench.call('POST', '/model/generate', request)) as Output<'model', 'generate'>).choices[0]!.token_ids;
  const expected = await tokens();
  const comparing = compare('sampler');
  const meanwhile: number[][] = [];
  const revisions = new Set<string>();
  let isOver = false;
  void comparing.finally(() => (isOver = true)).catch(() => {});
  do {
    meanwhile.push(await tokens());
    revisions.add(((await bench.call('GET', '/code/resources/{id}', { id: 'sampler' })) as { revision_id: string }).revision_id);
  } while (!isOver);
  const { before, after } = await comparing;
  expect(meanwhile.every((each) => String(each) === String(expected))).toBe(true);
  expect([...revisions]).toEqual([revision_id]);
  expect(after.revision_id).toBe(revision_id);
  expect(ids(after)).toEqual(expected.slice(0, 6));
  expect(ids(before)).not.toEqual(ids(after));
  await remove('sampler');
  expect(ids(before)).toEqual((await tokens()).slice(0, 6));
});

test('two revisions can be named, neither active', async () => {
  const first = (await put('sampler', WORST)).revision_id;
  const second = (await put('sampler', LAST)).revision_id;
  await bench.call('POST', '/code/resources/{id}/revert', { id: 'sampler' });
  const { before, after } = await compare('sampler', { base_revision_id: first, revision_id: second });
  expect([before.revision_id, after.revision_id]).toEqual([first, second]);
  expect(ids(before)).not.toEqual(ids(after));
  await remove('sampler');
});

test('a fragment: logits, captures and candidates of both, with the rest as it is active', async () => {
  await put('model.position', TEXTS['patchable/model/position.ts'].replace('k: g.rotate(k, cos, sin)', 'k'));
  const { logits } = (await bench.call('POST', '/model/forward', { input_ids: [0, 1, 2], logits: 'all' })) as { logits: ArrayTensor };
  const valuesOf = (tensor: unknown) => Array.from((tensor as ArrayTensor).data as Float32Array);
  // Attention is built in either way; positions are patched under both.
  const { before, after } = await compare('model.attention', { logits: true, capture: ['hidden_states.*'], top_k: 3 });
  expect(before.logits).toMatchObject({ dtype: 'float32', shape: [3, 101] });
  for (const each of [before, after]) expect(valuesOf(each.logits)).toEqual(valuesOf(logits));
  expect(Object.keys(after.captures)).toContain('hidden_states.0');
  expect(after.top_k).toHaveLength(3);
  const positions = await compare('model.position', { logits: true });
  expect(positions.other_revisions).toEqual({});
  expect(valuesOf(positions.after.logits)).toEqual(valuesOf(logits));
  expect(valuesOf(positions.before.logits)).not.toEqual(valuesOf(logits));
  await remove('model.position');
});

test('what both versions ran with is named, so that no text passes for greedy that a patched sampler chose', async () => {
  const plain = await compare('model.attention');
  expect(plain.other_revisions).toEqual({});
  const { revision_id } = await put('sampler', WORST);
  await put('scheduler.policy', TEXTS['patchable/scheduler/sjf.ts']);
  const { before, other_revisions } = await compare('model.attention');
  expect(other_revisions).toEqual({ sampler: revision_id });
  expect(ids(before)).not.toEqual(ids(plain.before));
  expect((await compare('sampler')).other_revisions).toEqual({});
  await remove('sampler');
  await remove('scheduler.policy');
});

test('a normalizer: the prompt as tokens under both, and what others tokenize stays', async () => {
  await put('tokenizer.normalizer', 'export default (text: string) => text.toUpperCase();\n');
  const tokenize = async () => ((await bench.call('POST', '/tokenizer/tokenize', { text: 'abc' })) as { input_ids: number[] }).input_ids;
  expect(await tokenize()).toEqual([26, 27, 28]);
  const { before, after } = await compare('tokenizer.normalizer');
  expect([before.input_ids, after.input_ids]).toEqual([
    [0, 1, 2],
    [26, 27, 28],
  ]);
  expect(await tokenize()).toEqual([26, 27, 28]);
  await remove('tokenizer.normalizer');
});

test('what cannot be compared says why', async () => {
  await expect(compare('scheduler.policy')).rejects.toMatchObject({ code: 'conflict' });
  await expect(compare('model.soul')).rejects.toMatchObject({ code: 'not_found' });
  await expect(compare('sampler', { revision_id: '0000000000000000' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(compare('sampler', { max_new_tokens: 1000 })).rejects.toMatchObject({ code: 'context_exceeded' });
  await expect(compare('model.attention', { capture: ['soul'] })).rejects.toMatchObject({ code: 'not_found' });
  const context = newContext('direct', 'gone', AbortSignal.abort());
  await expect(bench.call('POST', '/code/compare/{id}', { id: 'sampler', prompt: 'abc' }, context)).rejects.toMatchObject({
    code: 'cancelled',
  });
});
