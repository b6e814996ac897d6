/** What a person's code does to the worker around it: a language that it changes, what it does by itself, and changes that come at once. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ApiError, type Output } from '../../contract/index.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import { loadVersion } from './load-version.ts';
import type { KeptResource } from './revision.ts';
import { nodeWorkers } from './testing/node-workers.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const folder = at('fixtures/models/llama-gqa-tied');
const tokenizerJson = JSON.parse(readFileSync(at('public/models/default/tokenizer.json'), 'utf8')) as Record<string, unknown>;

let bench: Workbench;
let open: (store?: MemoryRecords<KeptResource>) => Workbench;

beforeAll(async () => {
  const spawn = await nodeWorkers();
  open = (store) => openWorkbench(folder, tokenizerJson, spawn, store);
  bench = open();
  await bench.load();
}, 60_000);

const put = (source: string, more: object = {}) =>
  bench.call('PUT', '/code/resources/{id}', { id: 'sampler', source, time_limit_ms: 20_000, ...more }) as Promise<Output<'code', 'patch'>>;
const active = async () =>
  (await (bench.call('GET', '/code/resources/{id}', { id: 'sampler' }) as Promise<Output<'code', 'resource'>>)).source;
const generate = async () => {
  const { result } = bench.active.engine.generate({ promptTokenIds: [1, 2], maxNewTokens: 8, sampling: { temperature: 0 } });
  return (await result).completions[0]!.tokenIds;
};

const { push } = Array.prototype;
afterEach(async () => {
  // oxlint-disable-next-line no-extend-native -- should a test have left it broken
  Array.prototype.push = push;
  await bench.call('DELETE', '/code/resources/{id}', { id: 'sampler' });
});

const FIRST = 'export default () => 5;';

test.each([
  [
    'at its top level',
    `Array.prototype.push = () => { throw new Error('poisoned'); }; ${FIRST}`,
    /top level changed Array\.prototype\.push/,
  ],
  ['when called', 'export default () => { Object.prototype.x = 1; return 5; };', /In the case “.*” it changed Object\.prototype\.x/],
  ['where it throws too', `JSON.parse = null; throw new Error('no'); ${FIRST}`, /top level changed JSON\.parse/],
])('a candidate that changes the language %s is refused by the name of what it changed', async (_, source, said) => {
  const error = (await put(source).catch((thrown: unknown) => thrown)) as ApiError;
  expect(error).toBeInstanceOf(ApiError);
  expect(error.code).toBe('code_invalid');
  expect(error.message).toMatch(said);
  expect(await active()).not.toBe(source);
});

test('a version that was kept and changes the language is left out at a start, and the worker is as it was', async () => {
  const before = await generate();
  const store = new MemoryRecords<KeptResource>();
  const source = `Array.prototype.push = () => { throw new Error('poisoned'); }; ${FIRST}`;
  const revision = { revisionId: 'r', language: 'typescript' as const, source, message: '', createdAt: '2026-01-01T00:00:00.000Z' };
  const kept = { id: 'sampler', revisions: [revision], inForce: 'r' };
  await store.change('sampler', kept, () => kept);
  const later = open(store);
  await later.load();
  expect(await later.call('GET', '/code/resources', { patched: true })).toEqual({ resources: [] });
  expect(later.leftOut).toMatchObject([{ id: 'sampler', why: 'failed', detail: expect.stringContaining('Array.prototype.push') }]);
  expect(Array.prototype.push).toBe(push);
  expect(await generate()).toEqual(before);
});

test('one that does so later ends the request that it was called for, and the next one is served', async () => {
  // Beyond the calls of its cases.
  const source = `let calls = 0; export default (logits) => { if (++calls === 4) Array.prototype.push = () => 0; return 5; };`;
  const { exported, end } = await loadVersion('sampler', { revisionId: 'late', language: 'typescript', source });
  const sample = exported as () => number;
  expect([sample(), sample(), sample()]).toEqual([5, 5, 5]);
  expect(sample).toThrow(/In its call 4 it changed Array\.prototype\.push/);
  expect(Array.prototype.push).toBe(push);
  end();
});

test('a call that fails since the language was changed says so, and the next one works', async () => {
  // oxlint-disable-next-line no-extend-native -- as code of a person's might
  Array.prototype.push = () => {
    throw new Error('poisoned');
  };
  const call = () => bench.call('POST', '/tokenizer/tokenize', { text: 'Once', return_offsets: 'no' });
  await expect(call()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('Array.prototype.push') });
  await expect(call()).rejects.toMatchObject({ code: 'validation_failed' });
});

test('what code that nobody called did to promises is put back before the next call waits for one, which says so', async () => {
  await put(FIRST);
  const { then } = Promise.prototype;
  // oxlint-disable-next-line no-extend-native, unicorn/no-thenable -- as a timer of a patch might
  Promise.prototype.then = () => new Promise(() => {});
  const call = () => bench.call('POST', '/tokenizer/tokenize', { text: 'Once' });
  const first = call();
  expect(Promise.prototype.then).toBe(then);
  await expect(first).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('changed Promise.prototype.then') });
  expect(await call()).toMatchObject({ input_ids: expect.any(Array) });
});

test('of changes that come at once the last one stays, and each answers with what was active then', async () => {
  const sources = Array.from({ length: 5 }, (_, i) => `export default () => ${i};`);
  const answers = await Promise.all(sources.map((source) => put(source)));
  expect(answers.map((answer) => answer.active)).toEqual(Array(5).fill(true));
  expect(await active()).toBe(sources[4]);
  expect(await generate()).toEqual(Array(8).fill(4));

  const [, removed, last] = await Promise.all([
    put(sources[0]!),
    bench.call('DELETE', '/code/resources/{id}', { id: 'sampler' }),
    put(sources[1]!),
  ]);
  expect(removed).toMatchObject({ restored: true });
  expect(last.active).toBe(true);
  expect(await active()).toBe(sources[1]);
});

test('of two that were edited from the same revision the second is a conflict', async () => {
  const { revision_id: base_revision_id } = await put(FIRST);
  const both = ['export default () => 6;', 'export default () => 7;'].map((source) => put(source, { base_revision_id }));
  const [first, second] = await Promise.allSettled(both);
  expect([first!.status, second]).toMatchObject(['fulfilled', { reason: { code: 'conflict' } }]);
  expect(await active()).toBe('export default () => 6;');
});

test('a patch that goes is ended', async () => {
  const end = vi.fn<() => void>();
  await bench.active.putCode('sampler', { revisionId: 'a', exported: () => 5, end });
  await bench.active.putCode('memory.eviction', null);
  expect(end).not.toHaveBeenCalled();
  await bench.active.putCode('sampler', null);
  expect(end).toHaveBeenCalledOnce();
});
