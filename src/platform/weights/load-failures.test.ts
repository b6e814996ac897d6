/** Every bad answer must say by itself which file it was, where it was asked for, what came and what was expected. */
import { afterEach, expect, it } from 'vitest';
import { FetchError, WeightsError } from '../../ports/load-errors.ts';
import type { WeightsSource } from '../../ports/model-platform.ts';
import { at, f32, failure, GOOD, load, serve, SHARDED, stopServing, WEIGHTS } from './testing/folders.ts';
import { broken, type Files, html, redirect, stalled, status } from './testing/server.ts';
import { writeSafetensors } from './testing/write-safetensors.ts';

afterEach(stopServing);

const lfs = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 538090408\n`;
const lying = WEIGHTS.slice();
lying[3] = 0x7f;
it.each<[string, Files, string, RegExp, typeof FetchError | typeof WeightsError]>([
  ['no folder at all', {}, 'config.json', /answered 404 Not Found; expected a JSON object/, FetchError],
  ['no tokenizer', { ...GOOD, 'm/tokenizer.json': status(404) }, 'tokenizer.json', /answered 404/, FetchError],
  ['no right to read', { 'm/config.json': status(401) }, 'config.json', /answered 401 Unauthorized/, FetchError],
  [
    'a server in trouble at an optional file',
    { ...GOOD, 'm/generation_config.json': status(503) },
    'generation_config.json',
    /answered 503/,
    FetchError,
  ],
  [
    'HTML for the config',
    { 'm/config.json': html('My App') },
    'config.json',
    /an HTML page titled "My App" came; expected a JSON object/,
    FetchError,
  ],
  [
    'a redirect to a login page',
    { ...GOOD, 'm/tokenizer.json': redirect('/login'), login: html('Sign in') },
    'tokenizer.json',
    /titled "Sign in" came after a redirect to .*\/login \(a login page\?\)/,
    FetchError,
  ],
  [
    'HTML for the weights',
    { ...GOOD, 'm/model.safetensors': html('Not found') },
    'model.safetensors',
    /no weights.*an HTML page titled "Not found" came; expected a safetensors file/,
    FetchError,
  ],
  [
    'no weights',
    { ...GOOD, 'm/model.safetensors': status(404) },
    'model.safetensors',
    /no weights.*model.safetensors: answered 404.*index.json: answered 404/,
    FetchError,
  ],
  [
    'a pickle only',
    { ...GOOD, 'm/model.safetensors': status(404), 'm/pytorch_model.bin': 'x' },
    'model.safetensors',
    /pytorch_model.bin, a pickle/,
    FetchError,
  ],
  ['a git-lfs pointer', { ...GOOD, 'm/model.safetensors': lfs }, 'model.safetensors', /git-lfs pointer to 538090408 bytes/, WeightsError],
  [
    'JSON for the weights',
    { ...GOOD, 'm/model.safetensors': '{"error":"gone"}' },
    'model.safetensors',
    /text came, and not a safetensors file; it begins "\{\\"error/,
    WeightsError,
  ],
  [
    'a truncated file',
    { ...GOOD, 'm/model.safetensors': WEIGHTS.slice(0, 5000) },
    'model.safetensors',
    /truncated: the header places data up to byte/,
    WeightsError,
  ],
  ['an empty file', { ...GOOD, 'm/model.safetensors': '' }, 'model.safetensors', /truncated: 0 bytes/, WeightsError],
  ['a lying header', { ...GOOD, 'm/model.safetensors': lying }, 'model.safetensors', /the header claims \d+ bytes/, WeightsError],
  [
    'a connection that breaks off',
    { ...GOOD, 'm/model.safetensors': broken(WEIGHTS.slice(0, 3000), WEIGHTS.byteLength) },
    'model.safetensors',
    /broke off after \d+ of 80\d+ bytes/,
    FetchError,
  ],
  [
    'a size that fits nowhere',
    { ...GOOD, 'm/model.safetensors': broken(WEIGHTS.slice(0, 10), 2 ** 52) },
    'model.safetensors',
    /4503599627370496 bytes are announced, which this browser cannot hold/,
    WeightsError,
  ],
  [
    'a config that is no JSON',
    { ...GOOD, 'm/config.json': '{"a":' },
    'config.json',
    /expected a JSON object, but .*it begins/,
    WeightsError,
  ],
  ['a config that is a list', { ...GOOD, 'm/config.json': '[]' }, 'config.json', /got a list/, WeightsError],
  ['an empty tokenizer', { ...GOOD, 'm/tokenizer.json': '' }, 'tokenizer.json', /it is empty/, WeightsError],
  ['text that is no UTF-8', { ...GOOD, 'm/tokenizer.json': Uint8Array.of(0xff, 0xfe) }, 'tokenizer.json', /not UTF-8/, WeightsError],
  [
    'an index without a map',
    { ...SHARDED, 'm/model.safetensors.index.json': '{}' },
    'model.safetensors.index.json',
    /weight_map is missing/,
    WeightsError,
  ],
  [
    'an index that leaves the folder',
    { ...SHARDED, 'm/model.safetensors.index.json': '{"weight_map":{"a":"../../x.safetensors"}}' },
    'model.safetensors.index.json',
    /no name of a safetensors file/,
    WeightsError,
  ],
  [
    'a missing shard',
    { ...SHARDED, 'm/model-00002-of-00002.safetensors': status(404) },
    'model-00002-of-00002.safetensors',
    /answered 404/,
    FetchError,
  ],
  [
    'a shard without its tensor',
    { ...SHARDED, 'm/model-00002-of-00002.safetensors': writeSafetensors([['c', f32(2)]]) },
    'model-00002-of-00002.safetensors',
    /1 tensors are missing, 1 are not in the index/,
    WeightsError,
  ],
])('refuses %s', async (_what, files, file, detail, type) => {
  const server = await serve(files);
  const error = await failure(at());
  expect(error.detail).toMatch(detail);
  expect(error.file).toBe(file);
  expect(error).toBeInstanceOf(type);
  expect(error instanceof FetchError ? error.url : null).toBe(type === FetchError ? `${server.url}m/${file}` : null);
});

it('names what is wrong with an address', async () => {
  expect((await failure({ kind: 'url', url: 'http://127.0.0.1:1/m' })).detail).toMatch(/no answer .*\(CORS\)\.$/);
  expect((await failure({ kind: 'url', url: 'ftp://host/m' })).detail).toMatch(/"ftp:" cannot be fetched/);
  expect((await failure({ kind: 'url', url: 'http://' })).detail).toMatch(/is no URL/);
  expect((await failure({ kind: 'bundled', id: '../x' })).detail).toMatch(/no id of a bundled model/);
});

it('names what is wrong with an upload', async () => {
  const upload = (files: { path: string; data: string | Blob }[]): WeightsSource => ({ kind: 'upload', files });
  expect(await failure(upload([{ path: 'tokenizer.json', data: 'e30=' }]))).toMatchObject({
    name: 'WeightsError',
    file: 'config.json',
    detail: expect.stringContaining('not among the 1 uploaded file ('),
  });
  expect((await failure(upload([{ path: 'config.json', data: '%%' }]))).detail).toMatch(/not base64/);
  expect((await failure(upload([{ path: 'config.json', data: 'e3=0' }]))).detail).toMatch(/not base64/);
  expect(
    (
      await failure(
        upload([
          { path: 'config.json', data: 'e30=' },
          { path: './config.json', data: 'e30=' },
        ]),
      )
    ).detail,
  ).toMatch(/twice/);
  expect((await failure(upload([{ path: 'config.json', data: new Blob(['<!DOCTYPE html><title>x</title>']) }]))).detail).toMatch(
    /HTML page titled "x" was uploaded/,
  );
  const whole = [
    { path: 'config.json', data: 'e30=' },
    { path: 'tokenizer.json', data: 'e30=' },
  ];
  expect((await failure(upload(whole))).detail).toMatch(/no weights/);
});

it('stops a download at once when aborted, with the reason of the signal', async () => {
  await serve({ ...GOOD, 'm/model.safetensors': stalled(WEIGHTS.slice(0, 20_000), WEIGHTS.byteLength) });
  const controller = new AbortController();
  const started = performance.now();
  const loading = load(at(), { signal: controller.signal, onProgress: ({ phase }) => phase === 'download' && controller.abort() });
  await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  expect(performance.now() - started).toBeLessThan(2000);
  await expect(load(at(), { signal: AbortSignal.abort(new Error('changed my mind')) })).rejects.toThrow('changed my mind');
});
