/** A second visit loads from the cache; whatever is wrong with the cache, the model loads. */
import type { ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { MemoryBlobStore } from './blob-store.ts';
import type { WeightsSource } from '../../ports/model-platform.ts';
import { at, failure, GOOD, load, serve, sha, SHARDED, stopServing, WEIGHTS } from './testing/folders.ts';

afterEach(stopServing);

it('serves a second load, notices a new version, and serves while the server is away', async () => {
  const server = await serve(GOOD);
  const store = new MemoryBlobStore();
  expect((await load(at(), { store })).fromCache).toBe(false);
  server.log.length = 0;
  expect(await load(at(), { store })).toMatchObject({ fromCache: true, hash: sha(WEIGHTS), warnings: [] });
  expect(server.log).not.toContain('GET /m/model.safetensors');
  expect(server.log).not.toContain('GET /m/tokenizer.json');
  expect((await load(at(), { store, cache: false })).fromCache).toBe(false);

  const changed = WEIGHTS.slice();
  changed[changed.length - 1]! ^= 1;
  server.files['m/model.safetensors'] = changed;
  expect(await load(at(), { store })).toMatchObject({ fromCache: false, hash: sha(changed) });

  const source = at();
  await server.stop();
  const offline = await load(source, { store });
  expect(offline).toMatchObject({ fromCache: true, hash: sha(changed), tokenizerConfig: { eos_token: '</s>' } });
  expect(offline.warnings.join()).toMatch(/could not be asked for newer files/);
});

it('serves shards while the server is away', async () => {
  const server = await serve(SHARDED);
  const store = new MemoryBlobStore();
  const source = at();
  const { hash } = await load(source, { store });
  await server.stop();
  expect(await load(source, { store })).toMatchObject({ fromCache: true, hash });
});

it('restores what is kept without asking anybody, and only that', async () => {
  const server = await serve(GOOD);
  const store = new MemoryBlobStore();
  const source = at();
  const { hash } = await load(source, { store });
  server.files['m/model.safetensors'] = WEIGHTS.slice().fill(1, -1);
  server.log.length = 0;
  expect(await load(source, { store, keptOnly: true })).toMatchObject({ fromCache: true, hash, warnings: [] });
  expect(await failure(source, { store: new MemoryBlobStore(), keptOnly: true })).toMatchObject({
    detail: 'the browser no longer keeps it.',
  });
  expect(server.log).toEqual([]);
});

it('asks nobody about files of a commit', async () => {
  const commit = 'a'.repeat(40);
  const server = await serve(
    Object.fromEntries(Object.entries(GOOD).map(([path, body]) => [path.replace('m/', `o/n/resolve/${commit}/`), body])),
  );
  const store = new MemoryBlobStore();
  const source: WeightsSource = { kind: 'hub', repo: 'o/n', revision: commit, endpoint: server.url };
  await load(source, { store });
  server.log.length = 0;
  await load(source, { store });
  expect(server.log).toEqual([`GET /o/n/resolve/${commit}/chat_template.jinja`]);
});

it('never keeps a bad file', async () => {
  const server = await serve({ ...GOOD, 'm/model.safetensors': WEIGHTS.slice(0, 5000) });
  const store = new MemoryBlobStore();
  await failure(at(), { store });
  server.files['m/model.safetensors'] = WEIGHTS;
  expect((await load(at(), { store })).hash).toBe(sha(WEIGHTS));
});

it('fetches again what rotted in the cache', async () => {
  await serve(GOOD);
  const store = new MemoryBlobStore();
  await load(at(), { store });
  for (const name of await store.names()) {
    const bytes = await store.read(name);
    if (bytes?.byteLength === WEIGHTS.byteLength) await store.write(name, bytes.fill(0xff));
  }
  expect(await load(at(), { store })).toMatchObject({ fromCache: false, hash: sha(WEIGHTS) });
  expect(await load(at(), { store })).toMatchObject({ fromCache: true, hash: sha(WEIGHTS) });
});

it('goes on without a cache that is full, too small or broken, and says so', async () => {
  await serve(GOOD);
  const full = await load(at(), { store: new MemoryBlobStore(10_000) });
  expect(full.warnings.join()).toMatch(/model.safetensors is not kept for the next visit/);
  const small = await load(at(), { store: new MemoryBlobStore(), maxCacheBytes: 10_000 });
  expect(small.warnings.join()).toMatch(/no room/);
  const denied = async (): Promise<never> => {
    throw new DOMException('denied', 'SecurityError');
  };
  const dead = await load(at(), { store: { names: denied, read: denied, write: denied, remove: denied, freeBytes: denied } });
  expect(dead.warnings.join()).toMatch(/cache could not be read: denied/);
  for (const { hash } of [full, small, dead]) expect(hash).toBe(sha(WEIGHTS));
});

it('compares by size where the server names nothing else, and tells', async () => {
  const plain = (_request: unknown, response: ServerResponse): void =>
    void response.writeHead(200, { 'content-length': WEIGHTS.byteLength }).end(WEIGHTS);
  await serve({ ...GOOD, 'm/model.safetensors': plain });
  const store = new MemoryBlobStore();
  await load(at(), { store });
  const again = await load(at(), { store });
  expect(again.fromCache).toBe(true);
  expect(again.warnings.join()).toMatch(/compared by its size only/);
});
