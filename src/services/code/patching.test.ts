/** Patches of every kind on the real runtime: what becomes active, what is refused and how fast, and that the way back is exact. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApiError, type ArrayTensor, type Output, type Problem } from '../../contract/index.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import { TEXTS } from '../../patchable/generated/texts.ts';
import { newContext } from '../../transport/dispatch.ts';
import type { CandidateWorker } from './check/candidate-checker.ts';
import type { KeptResource } from './revision.ts';
import type { LastStart } from './restoring.ts';
import { StartLog, type StartRecord } from './start-log.ts';
import { nodeWorkers } from './testing/node-workers.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/llama-gqa-tied', import.meta.url));
const tokenizerJson = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../public/models/default/tokenizer.json', import.meta.url)), 'utf8'),
) as Record<string, unknown>;
const WINDOW = 4;
/** For candidates that are right, on a machine that does other things too. */
const PATIENT_MS = 20_000;
const windowed = TEXTS['patchable/model/attention.sliding_window.ts'].replace('const WINDOW = 64;', `const WINDOW = ${WINDOW};`);
const input_ids = Array.from({ length: 24 }, (_, i) => (i * 7 + 3) % 32);

let spawn: () => CandidateWorker;
let bench: Workbench;

beforeAll(async () => {
  spawn = await nodeWorkers();
  bench = openWorkbench(folder, tokenizerJson, spawn);
  await bench.load();
  await bench.call('GET', '/code/resources');
}, 60_000);

async function logits(): Promise<Float32Array> {
  const { logits } = (await bench.call('POST', '/model/forward', { input_ids, logits: 'all' })) as { logits: ArrayTensor };
  return Float32Array.from(logits.data as Float32Array);
}

const put = (id: string, source: string, more: object = {}) =>
  bench.call('PUT', '/code/resources/{id}', { id, source, time_limit_ms: PATIENT_MS, ...more }) as Promise<Output<'code', 'patch'>>;
const remove = (id: string) => bench.call('DELETE', '/code/resources/{id}', { id });

async function refused(id: string, source: string, more: object = {}): Promise<Problem & { ms: number }> {
  await bench.checker.warmUp();
  const start = performance.now();
  try {
    await put(id, source, { time_limit_ms: 3000, ...more });
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    return { ...(error as ApiError).toProblem('test'), ms: performance.now() - start };
  }
  throw new Error('It was accepted.');
}

describe('a fragment', () => {
  test('changes what lies beyond the window only, and revert restores the logits to the bit', async () => {
    const before = await logits();
    const { resource, revision_id, active, passed } = await put('model.attention', windowed);
    expect({ active, patched: resource.patched, id: resource.revision_id }).toEqual({ active: true, patched: true, id: revision_id });
    expect(passed).toBe(3);

    const after = await logits();
    const vocabulary = before.length / input_ids.length;
    const difference = (row: number) =>
      Math.max(
        ...before.subarray(row * vocabulary, (row + 1) * vocabulary).map((value, i) => Math.abs(value - after[row * vocabulary + i]!)),
      );
    for (let row = 0; row < WINDOW; row++) expect(difference(row)).toBeLessThan(1e-4);
    for (let row = WINDOW; row < input_ids.length; row++) expect(difference(row)).toBeGreaterThan(1e-4);

    const context = newContext('direct', 'test');
    await bench.call('POST', '/model/forward', { input_ids, logits: 'none' }, context);
    expect(context.model?.code_revisions).toEqual({ 'model.attention': revision_id });
    expect(bench.active.engine.codeRevision).toContain(revision_id);

    await bench.call('POST', '/code/resources/{id}/revert', { id: 'model.attention' });
    expect(await logits()).toEqual(before);
    await bench.call('POST', '/code/resources/{id}/revert', { id: 'model.attention', revision_id });
    expect(await logits()).toEqual(after);
    await remove('model.attention');
    expect(await logits()).toEqual(before);
  });

  test('that is the same changes nothing', async () => {
    const before = await logits();
    await put('model.attention', `${TEXTS['patchable/model/attention.grouped.ts']}\n// the same`);
    expect(await logits()).toEqual(before);
    await remove('model.attention');
  });

  test('may import a built-in one', async () => {
    const before = await logits();
    const { diagnostics } = await put(
      'model.mlp',
      "import mlp from './mlp.ts';\nimport type { MlpFragment } from '../../engine/graph/index.ts';\nexport default ((g, inputs) => g.mul(mlp(g, inputs), 0.5)) satisfies MlpFragment;\n",
    );
    expect(diagnostics).toEqual([]);
    expect(await logits()).not.toEqual(before);
    await remove('model.mlp');
    expect(await logits()).toEqual(before);
  });
});

describe('what is refused answers within 3 s and leaves the rest alone', () => {
  const CASES: [what: string, id: string, source: string, where: RegExp, message: RegExp][] = [
    [
      'a syntax error',
      'model.attention',
      'const a = 1;\nconst attention = (;\nexport default attention;',
      /^source:2:20$/,
      /Unexpected token `;`/,
    ],
    ['deep brackets', 'sampler', `export default ${'['.repeat(20_000)}${']'.repeat(20_000)};`, /^source$/, /nested too deeply/],
    ['the end of its worker', 'sampler', 'export default () => {\n  close();\n  return 1;\n};', /^source:2:3$/, /`close` ends the worker/],
    ['an endless loop', 'model.attention', 'for (;;) {}\nexport default 1;', /^source$/, /without a pause/],
    ['an endless loop in a fragment', 'model.norm', 'export default () => {\n  for (;;) {}\n};', /^source$/, /without a pause/],
    ['an endless wait', 'model.norm', 'await new Promise(() => {});\nexport default 1;', /^source$/, /time limit/],
    [
      'a throw',
      'model.mlp',
      'export default () => {\n  throw new RangeError("no such gate");\n};',
      /^source:2:9$/,
      /RangeError: no such gate/,
    ],
    [
      'a wrong shape',
      'model.attention',
      TEXTS['patchable/model/attention.naive.ts'].replace('g.transpose(keys, [0, 1, 3, 2])', 'keys'),
      /^source:16:/,
      /matmul in layers\.0\/attention: expected/,
    ],
    [
      'a result of a wrong shape',
      'model.mlp',
      'export default (g, { x, up }) => g.linear(x, up);',
      /^source:1:1$/,
      /mlp fragment in layers\.0/,
    ],
    [
      '2 GB in a buffer',
      'model.norm',
      'export default (g, { x }) => {\n  const big = new Float32Array(2 ** 29);\n  return x;\n};',
      /^source:2:15$/,
      /MiB/,
    ],
    [
      '2 GB in lists',
      'sampler',
      'const all = [];\nfor (;;) all.push(new Array(1e6).fill(1.5));\nexport default () => 0;',
      /^source(:2:\d+)?$/,
      /MiB|died|pause/,
    ],
    [
      '2 GB in small objects',
      'sampler',
      'const all = [];\nfor (;;) all.push({ a: all.length });\nexport default () => 0;',
      /^source$/,
      /died|pause/,
    ],
    ['no export', 'sampler', 'const sample = () => 0;', /^source$/, /export default/],
    ['an unknown import', 'sampler', "import fs from 'node:fs';\nexport default () => 0;", /^source:1:1$/, /can't be imported/],
    ['no token', 'sampler', 'export default () => 1.5;', /^source:1:1$/, /gave 1\.5/],
    ['changed logits', 'sampler', 'export default (logits) => {\n  logits[0] = 1;\n  return 0;\n};', /^source:1:1$/, /changed the logits/],
    [
      'no rank',
      'scheduler.policy',
      "export default { name: 'a', rule: 'b', parameters: {}, create: () => ({ rank: () => NaN }) };",
      /^source:1:1$/,
      /NaN/,
    ],
    ['no score', 'memory.eviction', "export default { name: 'a', rule: 'b', score: () => 'high' };", /^source:1:1$/, /high/],
  ];

  test.each(CASES)('%s', async (_, id, source, where, message) => {
    const before = await logits();
    const { code, status, errors, ms } = await refused(id, source);
    expect({ code, status }).toEqual({ code: 'code_invalid', status: 422 });
    expect(errors[0]!.message).toMatch(message);
    expect(errors[0]!.path).toMatch(where);
    expect(ms).toBeLessThan(3000);
    expect(await logits()).toEqual(before);
    expect(bench.services.code.state()).toMatchObject({ patched: {} });
  });

  test('generation goes on while a candidate loops', async () => {
    const generation = bench.active.engine.generate({ promptTokenIds: [1, 2, 3], maxNewTokens: 60, sampling: { temperature: 0 } });
    const bad = refused('model.attention', 'for (;;) {}\nexport default 1;');
    const { completions } = await generation.result;
    expect(completions[0]!.tokenIds).toHaveLength(60);
    expect((await bad).code).toBe('code_invalid');
  });
});

describe('functions of the engine', () => {
  test('a sampler becomes active for the next token', async () => {
    await put('sampler', 'export default () => 5;');
    const { result } = bench.active.engine.generate({ promptTokenIds: [1, 2], maxNewTokens: 4 });
    expect((await result).completions[0]!.tokenIds).toEqual([5, 5, 5, 5]);
    await remove('sampler');
    const again = bench.active.engine.generate({ promptTokenIds: [1, 2], maxNewTokens: 4, sampling: { temperature: 0 } });
    expect((await again.result).completions[0]!.tokenIds).not.toEqual([5, 5, 5, 5]);
  });

  test('a policy and an eviction rule become active, and make room for one chosen by name', async () => {
    const policy =
      "export default { name: 'lifo', rule: 'Last first.', parameters: {}, create: () => ({ rank: (request) => -request.arrivalOrder }) };";
    await put('scheduler.policy', policy);
    expect(await bench.call('GET', '/scheduler/policy')).toMatchObject({ policy: 'patched' });
    await put('memory.eviction', "export default { name: 'coldest', rule: 'Fewest hits.', score: (block) => block.hits };");
    expect(bench.active.engine.config.eviction.name).toBe('patched');
    expect(Object.keys(bench.services.code.state().patched!)).toEqual(['scheduler.policy', 'memory.eviction']);

    await bench.call('PUT', '/scheduler/policy', { policy: 'sjf' });
    expect(await bench.call('GET', '/code/resources', { patched: true })).toMatchObject({ resources: [{ id: 'memory.eviction' }] });
    await remove('memory.eviction');
    expect(bench.active.engine.config.eviction.name).toBe('lru');
    await bench.call('PUT', '/scheduler/policy', { policy: 'fcfs' });
  });
});

describe('the normalizer', () => {
  const text = 'ONCE Upon   a TIME';
  const LOWER = "export default (text: string) => text.toLowerCase().replaceAll(/ +/g, ' ');";
  const tokenize = (input: string) =>
    bench.call('POST', '/tokenizer/tokenize', { text: input, add_special_tokens: false }) as Promise<{
      input_ids: number[];
      offsets: [number, number][];
    }>;

  test('becomes active for tokenize and generate, with offsets into the text that was given, and goes', async () => {
    const before = (await tokenize(text)).input_ids;
    const { revision_id, resource } = await put('tokenizer.normalizer', LOWER);
    expect(resource).toMatchObject({ patched: true, kind: 'function', service: 'tokenizer' });
    const { input_ids: ids, offsets } = await tokenize(text);
    expect(ids).toEqual((await tokenize('once upon a time')).input_ids);
    expect(
      offsets
        .map(([start, end]) => text.slice(start, end))
        .join('')
        .replaceAll(/ +/g, ' '),
    ).toBe(text.replaceAll(/ +/g, ' '));

    const context = newContext('direct', 'test');
    await bench.call('POST', '/model/forward', { input_ids, logits: 'none' }, context);
    expect(context.model?.code_revisions).toEqual({ 'tokenizer.normalizer': revision_id });
    // The tokenizer of a model that becomes active has it too.
    await bench.load();
    expect((await tokenize(text)).input_ids).toEqual(ids);

    await bench.call('POST', '/code/resources/{id}/revert', { id: 'tokenizer.normalizer' });
    expect((await tokenize(text)).input_ids).toEqual(before);
    await remove('tokenizer.normalizer');
  });

  test('is active again after a reload', async () => {
    const store = new MemoryRecords<KeptResource>();
    const first = openWorkbench(folder, tokenizerJson, spawn, store);
    await first.load();
    await first.call('PUT', '/code/resources/{id}', { id: 'tokenizer.normalizer', source: LOWER, time_limit_ms: PATIENT_MS });
    const second = openWorkbench(folder, tokenizerJson, spawn, store);
    await second.load();
    const { input_ids: ids } = (await second.call('POST', '/tokenizer/tokenize', { text, add_special_tokens: false })) as {
      input_ids: number[];
    };
    expect(ids).toEqual((await tokenize('once upon a time')).input_ids);
  });

  test.each([
    ['gives a number', 'export default (text: string) => text.length;', /gave a number/],
    ['counts its calls', 'let calls = 0;\nexport default (text: string) => text + calls++;', /two different texts/],
    ['blows the text up', 'export default (text: string) => text.repeat(50);', /at most \d+ are taken/],
  ])('one that %s is refused', async (_, source, message) => {
    const { code, detail } = await refused('tokenizer.normalizer', source);
    expect({ code, detail }).toEqual({ code: 'code_invalid', detail: expect.stringMatching(message) });
  });

  test('one that throws on some text says so to who sent it', async () => {
    await put(
      'tokenizer.normalizer',
      "export default (text: string) => { if (text.includes('xyzzy')) throw new Error('Nothing happens.'); return text; };",
    );
    await expect(tokenize('xyzzy')).rejects.toMatchObject({ code: 'code_invalid', message: expect.stringContaining('Nothing happens.') });
    expect((await tokenize('plugh')).input_ids.length).toBeGreaterThan(0);
    await remove('tokenizer.normalizer');
  });
});

describe('a shader', () => {
  test('is shown with its bindings and cases, and refused where there is no adapter to try it on', async () => {
    const resource = (await bench.call('GET', '/code/resources/{id}', { id: 'kernel.softmax' })) as Output<'code', 'resource'>;
    expect(resource).toMatchObject({
      service: 'computation',
      kind: 'kernel',
      language: 'wgsl',
      languages: ['wgsl'],
      patched: false,
      revisions: 1,
    });
    expect(resource.description).toMatch(/^y = exp/);
    expect(resource.signature).toContain('@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows, columns]');
    expect(resource.examples.map(({ name }) => name)).toContain('rows = 3, columns = 100');
    const problem = await refused('kernel.softmax', `${resource.source}\n`);
    expect(problem).toMatchObject({ code: 'conflict', status: 409, detail: expect.stringContaining('There is no WebGPU here.') });
    expect(await bench.call('GET', '/code/resources', { patched: true })).toEqual({ resources: [] });
  });

  test('that does not exist can’t be made', async () => {
    expect(await refused('kernel.mine', 'fn main() {}')).toMatchObject({ code: 'not_found' });
  });
});

test('a resource is written in its own languages only', async () => {
  for (const [id, language] of [
    ['sampler', 'python'],
    ['tokenizer.normalizer', 'python'],
    ['kernel.softmax', 'python'],
    ['model.norm', 'wgsl'],
  ] as const) {
    const { code, errors } = await refused(id, '', { language });
    expect({ code, path: errors[0]!.path }, id).toEqual({ code: 'validation_failed', path: '/language' });
  }
});

describe('revisions', () => {
  test('outlive a reload, and what was patched is active again', async () => {
    const store = new MemoryRecords<KeptResource>();
    const first = openWorkbench(folder, tokenizerJson, spawn, store);
    await first.load();
    const { revision_id } = (await first.call('PUT', '/code/resources/{id}', {
      id: 'model.attention',
      source: windowed,
      message: 'a window',
      time_limit_ms: PATIENT_MS,
    })) as Output<'code', 'patch'>;
    await first.call('PUT', '/code/resources/{id}', { id: 'script.mine', source: 'return 1;' });

    const second = openWorkbench(folder, tokenizerJson, spawn, store);
    await second.load();
    const context = newContext('direct', 'test');
    await second.call('POST', '/model/forward', { input_ids, logits: 'none' }, context);
    expect(context.model?.code_revisions).toEqual({ 'model.attention': revision_id });
    const { revisions } = (await second.call('GET', '/code/resources/{id}/revisions', { id: 'model.attention' })) as Output<
      'code',
      'revisions'
    >;
    expect(revisions.map(({ message, active, built_in }) => ({ message, active, built_in }))).toEqual([
      { message: 'a window', active: true, built_in: false },
      { message: 'Built in.', active: false, built_in: true },
    ]);
    expect(await second.call('GET', '/code/resources/{id}', { id: 'script.mine' })).toMatchObject({ source: 'return 1;', kind: 'script' });
    expect(await second.call('DELETE', '/code/resources/{id}', { id: 'script.mine' })).toMatchObject({
      deleted: true,
      revisions_deleted: 1,
    });
  });

  test('one that was at work when a worker fell silent stays out, is kept, and is named; so is one whose start was cut short', async () => {
    const store = new MemoryRecords<KeptResource>();
    const first = openWorkbench(folder, tokenizerJson, spawn, store);
    await first.load();
    const patch = async (id: string, source: string) =>
      ((await first.call('PUT', '/code/resources/{id}', { id, source, time_limit_ms: PATIENT_MS })) as Output<'code', 'patch'>).revision_id;
    const attention = await patch('model.attention', windowed);
    const sampler = await patch('sampler', 'export default (logits: Float32Array) => logits.indexOf(Math.max(...logits));');

    const starts = new MemoryRecords<StartRecord>();
    let count = 0;
    /** A start after the one before it: with a tab that lives on or not, left well or not. */
    const patchedAt = async (load: boolean, { leaveOut = [] as LastStart['leaveOut'], leftWell = false, lives = false } = {}) => {
      const before = String(count++);
      const log = new StartLog(starts, {
        name: String(count),
        leftWell: leftWell ? [before] : [],
        presentOf: async () => new Set(lives ? [before] : []),
      });
      const bench = openWorkbench(folder, tokenizerJson, spawn, store, { leaveOut, starts: log });
      await bench.sorted;
      const { leftOut } = bench;
      if (load) await bench.load();
      const { resources } = (await bench.call('GET', '/code/resources', { patched: true })) as Output<'code', 'resources'>;
      return { leftOut: leftOut.map(({ id, revisionId, why }) => [id, revisionId, why]), patched: resources.map(({ id }) => id) };
    };
    const both = { leftOut: [], patched: ['model.attention', 'sampler'] };
    expect(await patchedAt(false)).toEqual(both);
    expect(await patchedAt(false, { leftWell: true }), 'left well while it loaded').toEqual(both);
    expect(await patchedAt(true, { lives: true }), 'another tab is still at it').toEqual(both);
    // That other tab ends while it loads, and is of no start that follows.
    expect((await starts.list()).map(({ id }) => id)).toEqual(['2']);
    await starts.delete('2');
    expect(await patchedAt(true)).toEqual(both);

    const other = [{ id: 'model.attention', revisionId: '0000000000000000', why: 'silent' as const }];
    expect(await patchedAt(true, { leaveOut: other })).toEqual(both);
    const silent = [{ id: 'sampler', revisionId: sampler, why: 'active' as const }];
    expect(await patchedAt(false, { leaveOut: silent })).toEqual({
      leftOut: [['sampler', sampler, 'active']],
      patched: ['model.attention'],
    });
    // That start was not seen to its end.
    const after = await patchedAt(true);
    expect(after).toEqual({ leftOut: [['model.attention', attention, 'start']], patched: [] });
    expect(await starts.list()).toEqual([]);

    const last = openWorkbench(folder, tokenizerJson, spawn, store);
    await last.load();
    await last.call('POST', '/code/resources/{id}/revert', { id: 'sampler', revision_id: sampler });
    expect((await last.call('GET', '/code/resources', { patched: true })) as unknown).toMatchObject({ resources: [{ id: 'sampler' }] });
  });

  test('one that can not be made active at a start, or that the model does not take, is named, with why', async () => {
    const store = new MemoryRecords<KeptResource>();
    const keep = (id: string, source: string) => {
      const revision = { revisionId: id, language: 'typescript' as const, source, message: '', createdAt: '2026-01-01T00:00:00.000Z' };
      const kept = { id, revisions: [revision], inForce: id };
      return store.change(id, kept, () => kept);
    };
    await keep('sampler', 'export default (');
    await keep('model.mlp', 'export default (g, { x }) => g.matmul(x, x);');
    await keep('tokenizer.normalizer', 'export default (text) => text;');
    const later = openWorkbench(folder, tokenizerJson, spawn, store);
    await later.load();
    const { resources } = (await later.call('GET', '/code/resources', { patched: true })) as Output<'code', 'resources'>;
    expect(resources.map(({ id }) => id)).toEqual(['tokenizer.normalizer']);
    expect(later.leftOut).toEqual([
      { id: 'sampler', revisionId: 'sampler', why: 'failed', title: expect.any(String), detail: expect.stringContaining('expected') },
      {
        id: 'model.mlp',
        revisionId: 'model.mlp',
        why: 'model',
        title: expect.any(String),
        detail: expect.stringContaining('matmul in layers.0/mlp'),
      },
    ]);
  });

  test('a patch of an older revision is a conflict', async () => {
    const problem = await refused('sampler', 'export default () => 5;', { base_revision_id: '0000000000000000' });
    expect(problem.code).toBe('conflict');
  });
});
