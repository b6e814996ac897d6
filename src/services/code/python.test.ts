/** Fragments in Python: the same graph as in TypeScript, the same way back, mistakes told with their line. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { ApiError, type ArrayTensor, type Output } from '../../contract/index.ts';
import { TEXTS } from '../../patchable/generated/texts.ts';
import { nodeWorkers } from './testing/node-workers.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/llama-gqa-tied', import.meta.url));
const tokenizerJson = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../public/models/default/tokenizer.json', import.meta.url)), 'utf8'),
) as Record<string, unknown>;
const input_ids = Array.from({ length: 24 }, (_, i) => (i * 7 + 3) % 32);

const PYTHON = `"""Attention to the last tokens only."""
WINDOW = 4

def attention(g, inputs):
    layer = inputs.layer
    per_kv_head = layer.num_heads // layer.num_kv_heads
    mask = inputs.mask(layer.sliding_window or WINDOW)
    queries = g.transpose(inputs.q, [0, 2, 1, 3])
    keys = g.repeat(inputs.keys(), 1, per_kv_head)
    values = g.repeat(inputs.values(), 1, per_kv_head)
    scores = g.mul(g.matmul(queries, g.transpose(keys, [0, 1, 3, 2])), layer.scale)
    probabilities = g.softmax(g.add(scores, mask), -1)
    heads = g.matmul(probabilities, values)
    output = g.reshape(g.transpose(heads, [0, 2, 1, 3]), ['B', 'T', layer.num_heads * layer.head_dim])
    return {'output': output, 'probabilities': probabilities} if inputs.want_probabilities else output
`;

let bench: Workbench;
beforeAll(async () => {
  bench = openWorkbench(folder, tokenizerJson, await nodeWorkers());
  await bench.load();
}, 60_000);

const put = (source: string, language = 'python', id = 'model.attention', time_limit_ms = 20_000) =>
  bench.call('PUT', '/code/resources/{id}', { id, source, language, time_limit_ms }) as Promise<Output<'code', 'patch'>>;
const revert = () => bench.call('POST', '/code/resources/{id}/revert', { id: 'model.attention' });

async function logits(): Promise<Float32Array> {
  const result = (await bench.call('POST', '/model/forward', { input_ids, logits: 'all' })) as { logits: ArrayTensor };
  return Float32Array.from(result.logits.data as Float32Array);
}

test('the same attention in TypeScript and in Python gives the same logits, and revert the old ones to the bit', async () => {
  const before = await logits();
  await bench.checker.warmUp('python');
  await put(TEXTS['patchable/model/attention.sliding_window.ts'].replace('const WINDOW = 64;', 'const WINDOW = 4;'), 'typescript');
  const typescript = await logits();
  const { diagnostics, resource } = await put(PYTHON);
  expect({ diagnostics, language: resource.language }).toEqual({ diagnostics: [], language: 'python' });
  const python = await logits();
  expect(Math.max(...python.map((value, i) => Math.abs(value - typescript[i]!)))).toBeLessThan(1e-5);
  expect(Math.max(...python.map((value, i) => Math.abs(value - before[i]!)))).toBeGreaterThan(1e-3);
  const captured = (await bench.call('POST', '/model/forward', { input_ids, logits: 'none', capture: ['attentions.0'] })) as {
    captures: object;
  };
  expect(Object.keys(captured.captures)).toEqual(['attentions.0']);
  await revert();
  expect(await logits()).toEqual(before);

  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await put(`${PYTHON}# ${i}\n`);
    await logits();
    times.push(performance.now() - start);
  }
  console.info(`PUT in Python to new logits, median of 5: ${times.toSorted((a, b) => a - b)[2]!.toFixed(0)} ms`);
  await revert();
});

test.each([
  ['a syntax error', 'x = 1\ndef attention(g, inputs:\n    pass\n', 'source:2:', /never closed/],
  ['a throw', 'def attention(g, inputs):\n    raise ValueError("no such head")\n', 'source:2:1', /ValueError: no such head/],
  ['a wrong shape', PYTHON.replace('g.transpose(keys, [0, 1, 3, 2])', 'keys'), 'source:11:1', /matmul in layers\.0\/attention: expected/],
  ['a wrong result', 'def attention(g, inputs):\n    return inputs.q\n', 'source:1:1', /attention fragment/],
  ['nothing returned', 'def attention(g, inputs):\n    pass\n', 'source', /undefined/],
  ['no function', 'x = 1\n', 'source', /attention\(g, inputs\)/],
  ['an endless loop', 'def attention(g, inputs):\n    while True: pass\n', 'source', /without a pause/],
  ['2 GB', 'def attention(g, inputs):\n    a = bytearray(2**31 - 1)\n    return inputs.q\n', 'source', /MiB|MemoryError/],
])('%s is told within 3 s', async (_, source, where, message) => {
  await bench.checker.warmUp('python');
  const start = performance.now();
  const error = await put(source, 'python', 'model.attention', 3000).then(
    () => null,
    (thrown: unknown) => thrown as ApiError,
  );
  const ms = performance.now() - start;
  expect(error).toBeInstanceOf(ApiError);
  expect(error!.code).toBe('code_invalid');
  expect(
    error!.errors.some(({ path, message: text }) => path.startsWith(where) && message.test(text)),
    JSON.stringify(error!.errors),
  ).toBe(true);
  expect(bench.services.code.state().patched).toEqual({});
  expect(ms).toBeLessThan(3000);
});

test.each([
  ['model.attention', 'attention.window-16-python'],
  ['model.mlp', 'mlp.relu-python'],
  ['model.norm', 'norm.by-hand-python'],
  ['model.position', 'position.none-python'],
])('the start in Python of %s passes its cases', async (id, file) => {
  const source = readFileSync(fileURLToPath(new URL(`../../ui/code/starters/${file}.py.txt`, import.meta.url)), 'utf8');
  const report = (await bench.call('POST', '/code/test/{id}', { id, source, language: 'python', time_limit_ms: 20_000 })) as Output<
    'code',
    'testResource'
  >;
  const failed = report.cases.filter(({ passed }) => !passed);
  expect({ id, cases: report.cases.length > 0, failed, faults: report.diagnostics.filter(({ severity }) => severity === 'error') }).toEqual(
    {
      ...{ id, cases: true, failed: [], faults: [] },
    },
  );
});

test('a script in Python is kept with its syntax looked at', async () => {
  const { resource } = await put('import asyncio\nawait asyncio.sleep(0)\n', 'python', 'script.slow');
  expect(resource).toMatchObject({ kind: 'script', language: 'python', languages: ['typescript', 'python'] });
  await expect(put('x = (', 'python', 'script.slow')).rejects.toMatchObject({
    code: 'code_invalid',
    errors: [{ path: 'source:1:5' }],
  });
});

test('what is not written in Python names the languages that it is written in', async () => {
  await expect(put('x = 1', 'python', 'sampler')).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ path: '/language', message: expect.stringContaining('typescript') as string }],
  });
});
