/** Loading as users meet it: good folders of every kind, from every kind of source. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ARCHITECTURES } from '../../engine/graph/architectures.ts';
import { parseConfig } from '../../engine/graph/index.ts';
import { loadFolder } from './load-folder.ts';
import type { WeightsProgress } from './progress.ts';
import type { WeightsSource } from '../../ports/model-platform.ts';
import { at, GOOD, load, serve, sha, SHARD_1, SHARD_2, SHARDED, stopServing, WEIGHTS } from './testing/folders.ts';
import { type Files, html, withoutLength } from './testing/server.ts';

afterEach(stopServing);

it('loads a folder with a single file', async () => {
  await serve(GOOD);
  const folder = await load(at());
  expect(folder).toMatchObject({
    id: 'm',
    config: { model_type: 'llama' },
    generationConfig: { eos_token_id: 2 },
    tokenizerConfig: { eos_token: '</s>' },
    hash: sha(WEIGHTS),
    bytes: WEIGHTS.byteLength,
    fromCache: false,
    warnings: [],
  });
  expect(folder.tensors.get('b')!.shape).toEqual([20_000]);
  expect(folder.tensors.get('a')!.bytes.buffer).toBe(folder.tensors.get('b')!.bytes.buffer);
});

it.each(['m', 'm/', 'm/config.json', 'm/model.safetensors', 'm/?token=x', 'm#readme'])('takes the address %s', async (path) => {
  const server = await serve(GOOD);
  expect((await load(at(path))).id).toBe('m');
  expect(server.log).toContain(`GET /m/model.safetensors${path.includes('token') ? '?token=x' : ''}`);
});

it('reads what Python wrote: Infinity and NaN in every JSON file, the last of two equal keys', async () => {
  await serve({
    ...SHARDED,
    'm/config.json': '{"model_type": "gpt2", "model_type": "llama", "time_step_limit": [0.0, Infinity]}',
    'm/generation_config.json': '{"eos_token_id": 2, "penalty": NaN}',
    'm/tokenizer.json': '{"version": "1.0", "truncation": {"max_length": Infinity}}',
    'm/tokenizer_config.json': '{"eos_token": "</s>", "model_max_length": Infinity}',
    'm/model.safetensors.index.json': String(SHARDED['m/model.safetensors.index.json']).replace('{', '{"metadata": {"loss": -Infinity}, '),
  });
  expect(await load(at())).toMatchObject({
    config: { model_type: 'llama', time_step_limit: [0, Infinity] },
    generationConfig: { penalty: NaN },
    tokenizerJson: { truncation: { max_length: Infinity } },
    tokenizerConfig: { model_max_length: Infinity },
  });
});

it('takes an address relative to the page', async () => {
  const server = await serve(GOOD);
  expect((await load({ kind: 'url', url: './m' })).source).toBe(`${server.url}m/`);
});

it('finds bundled models and the paths of the hub', async () => {
  const files = Object.fromEntries(
    Object.entries(GOOD).flatMap(([path, body]) => [
      [path.replace('m/', 'models/default/'), body],
      [path.replace('m/', 'owner/name/resolve/refs/pr/1/'), body],
    ]),
  );
  const server = await serve(files);
  expect((await load({ kind: 'bundled', id: 'default' })).source).toBe('bundled:default');
  const hub = await load({ kind: 'hub', repo: 'owner/name', revision: 'refs/pr/1', endpoint: server.url });
  expect([hub.id, hub.source]).toEqual(['owner/name', 'hub:owner/name@refs/pr/1']);
  expect(server.log).toContain('GET /owner/name/resolve/refs%2Fpr%2F1/config.json');
});

it('loads shards, hashes their digests, and counts progress over all of them', async () => {
  await serve(SHARDED);
  const progress: WeightsProgress[] = [];
  const folder = await load(at(), { onProgress: (step) => progress.push(step) });
  expect([...folder.tensors.keys()]).toEqual(['a', 'b']);
  expect(folder.hash).toBe(sha(Buffer.from(sha(SHARD_1) + sha(SHARD_2), 'hex')));
  expect(folder.bytes).toBe(SHARD_1.byteLength + SHARD_2.byteLength);
  expect(new Set(progress.map(({ phase }) => phase))).toEqual(new Set(['resolve', 'download', 'verify']));
  expect(progress.at(-1)).toEqual({
    phase: 'verify',
    file: 'model-00002-of-00002.safetensors',
    loadedBytes: folder.bytes,
    totalBytes: folder.bytes,
  });
});

it('needs no content-length', async () => {
  await serve({ ...GOOD, 'm/model.safetensors': withoutLength(WEIGHTS) });
  const folder = await load(at());
  expect(folder.hash).toBe(sha(WEIGHTS));
  expect(folder.tensors.get('a')!.bytes.buffer.byteLength).toBe(WEIGHTS.byteLength);
});

it('takes the chat template from its own file, and special tokens of old folders', async () => {
  await serve({
    ...GOOD,
    'm/tokenizer_config.json': '{"model_max_length":8}',
    'm/chat_template.jinja': '<|im_start|>{{ messages }}',
    'm/special_tokens_map.json': '{"bos_token":"<s>"}',
  });
  expect((await load(at())).tokenizerConfig).toEqual({
    model_max_length: 8,
    bos_token: '<s>',
    chat_template: '<|im_start|>{{ messages }}',
  });
});

it('asks a bundled folder for a file with a template only where tokenizer_config.json has none, and any other always', async () => {
  const own = '{"eos_token":"</s>","chat_template":"own"}';
  const server = await serve({
    ...GOOD,
    'm/tokenizer_config.json': own,
    'm/chat_template.jinja': 'of the file',
    ...Object.fromEntries(Object.entries(GOOD).map(([path, body]) => [path.replace('m/', 'models/default/'), body])),
    'models/default/tokenizer_config.json': own,
  });
  const bundled: WeightsSource = { kind: 'bundled' };
  expect((await load(bundled)).tokenizerConfig).toMatchObject({ chat_template: 'own' });
  expect(server.log.filter((line) => line.includes('template'))).toEqual([]);
  server.files['models/default/tokenizer_config.json'] = '{"eos_token":"</s>"}';
  server.files['models/default/chat_template.jinja'] = 'of the file';
  expect((await load(bundled)).tokenizerConfig).toMatchObject({ chat_template: 'of the file' });
  expect((await load(at())).tokenizerConfig).toMatchObject({ chat_template: 'of the file' });
});

it('takes further templates by name, from a server those that are known and from an upload all', async () => {
  const files = {
    'm/chat_template.jinja': 'main',
    'm/additional_chat_templates/tool_use.jinja': 'with tools',
    'm/additional_chat_templates/mine.jinja': 'mine',
  };
  const [main, toolUse, mine] = [
    { name: 'default', template: 'main' },
    { name: 'tool_use', template: 'with tools' },
    { name: 'mine', template: 'mine' },
  ];
  await serve({ ...GOOD, ...files });
  expect((await load(at())).tokenizerConfig).toMatchObject({ chat_template: [main, toolUse] });
  const upload = Object.entries({ ...GOOD, ...files }).map(([path, data]) => ({ path, data: new Blob([data as BlobPart]) }));
  const folder = await load({ kind: 'upload', files: upload });
  expect(folder.tokenizerConfig).toMatchObject({ chat_template: [main, toolUse, mine] });
});

it('goes without optional files, also where a single-page host answers its index for them', async () => {
  const required: Files = { 'm/config.json': '{}', 'm/tokenizer.json': '{}', 'm/model.safetensors': WEIGHTS };
  const optional = ['tokenizer_config.json', 'generation_config.json', 'chat_template.jinja', 'special_tokens_map.json'];
  await serve({ ...required, ...Object.fromEntries(optional.map((file) => [`m/${file}`, html('App')])) });
  expect(await load(at())).toMatchObject({ generationConfig: null, tokenizerConfig: null });
});

it('says onnx where there are only graphs, and reads them', async () => {
  const server = await serve({
    'm/config.json': '{"model_type":"t5"}',
    'm/tokenizer.json': '{}',
    'm/onnx/model.onnx': 'graph',
    'm/onnx/model_q4.onnx': 'small',
  });
  const folder = await loadFolder(at(), { baseUrl: server.url, store: null });
  if (folder.kind !== 'onnx') throw new Error(folder.kind);
  expect(folder).toMatchObject({
    id: 'm',
    config: { model_type: 't5' },
    files: ['onnx/model.onnx', 'onnx/model_q4.onnx'],
    url: `${server.url}m/`,
  });
  expect(new TextDecoder().decode(await folder.read('onnx/model_q4.onnx'))).toBe('small');
});

it('loads an uploaded directory of Blobs and base64', async () => {
  const files = Object.entries(GOOD).map(([path, body], i) => ({
    path: `up/${path}`,
    data: i % 2 ? Buffer.from(body as string).toString('base64') : new Blob([body as string]),
  }));
  expect(await load({ kind: 'upload', files })).toMatchObject({
    id: 'm',
    source: 'upload',
    hash: sha(WEIGHTS),
    bytes: WEIGHTS.byteLength,
  });
});

const golden = new URL('../../../fixtures/models/', import.meta.url);
describe.runIf(existsSync(golden))('golden folders', () => {
  it.each(existsSync(golden) ? readdirSync(golden) : [])('reads %s', async (model) => {
    const folder = new URL(`${model}/`, golden);
    const names = readdirSync(folder).filter((file) => file !== 'expected.json');
    const files = names.map((path) => ({ path, data: new Blob([readFileSync(new URL(path, folder))]) }));
    const loaded = await load({ kind: 'upload', files }, { tokenizer: 'optional' });
    expect(loaded.tensors.size).toBeGreaterThan(5);
    expect(ARCHITECTURES.map(({ name }) => name)).toContain(parseConfig(loaded.config).architecture);
    expect(loaded.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
