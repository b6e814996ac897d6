/** The cache must never give half a file or the wrong one, whatever breaks in the middle of a write. */
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { type BlobStore, MemoryBlobStore } from './blob-store.ts';
import { type NewEntry, WeightCache } from './weight-cache.ts';

const entryOf = (url: string): NewEntry => ({
  url,
  source: 's',
  revision: null,
  sha256: null,
  etag: null,
  lastModified: null,
  contentLength: null,
});
const bytesOf = (length: number, value = 1): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(value);

async function get(cache: WeightCache, url: string): Promise<Uint8Array | null> {
  const entry = await cache.find(url);
  return entry && cache.read(entry);
}

it('keeps, replaces, lists and deletes', async () => {
  const store = new MemoryBlobStore();
  const cache = new WeightCache(store);
  await cache.put(entryOf('u'), bytesOf(3));
  await cache.put(entryOf('u'), bytesOf(5, 2));
  expect(await get(cache, 'u')).toEqual(bytesOf(5, 2));
  expect((await cache.list()).map(({ url, bytes }) => [url, bytes])).toEqual([['u', 5]]);
  expect((await store.names()).length).toBe(2);
  expect([await cache.delete('u'), await cache.delete('u'), await get(cache, 'u')]).toEqual([true, false, null]);
  expect(await store.names()).toEqual([]);
});

it('drops the least recently used, but nothing that is in use', async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  try {
    const cache = new WeightCache(new MemoryBlobStore(), 100);
    for (const url of ['a', 'b', 'c']) {
      vi.advanceTimersByTime(10);
      await cache.put(entryOf(url), bytesOf(30));
    }
    vi.advanceTimersByTime(10);
    await get(cache, 'a');
    await cache.put(entryOf('d'), bytesOf(40));
    expect((await cache.list()).map(({ url }) => url)).toEqual(['c', 'a', 'd']);
    await expect(cache.put(entryOf('e'), bytesOf(50), new Set(['a', 'd']))).rejects.toThrow(/no room/);
    await expect(cache.put(entryOf('f'), bytesOf(101))).rejects.toThrow(/no room/);
    expect((await cache.list()).map(({ url }) => url)).toEqual(['c', 'a', 'd']);
  } finally {
    vi.useRealTimers();
  }
});

it('makes room when the browser has less than the bound', async () => {
  const cache = new WeightCache(new MemoryBlobStore(2000));
  await cache.put(entryOf('a'), bytesOf(800));
  await cache.put(entryOf('b'), bytesOf(1000));
  expect(await get(cache, 'a')).toBeNull();
  expect(await get(cache, 'b')).toEqual(bytesOf(1000));
  await expect(cache.put(entryOf('c'), bytesOf(5000))).rejects.toThrow(RangeError);
  expect(await get(cache, 'b')).toEqual(bytesOf(1000));
});

it('sweeps away what a broken write left, after an hour', async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  try {
    const store = new MemoryBlobStore();
    await store.write(`x.${Date.now().toString(36)}.r.bin`, bytesOf(3));
    const cache = new WeightCache(store);
    await cache.put(entryOf('a'), bytesOf(1));
    expect((await store.names()).length).toBe(3);
    vi.advanceTimersByTime(2 * 60 * 60 * 1000);
    await cache.put(entryOf('a'), bytesOf(1));
    expect((await store.names()).length).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

/** Dies at the n-th change: leaves half of what it was writing, and nothing works any more. */
class DyingStore implements BlobStore {
  constructor(
    private readonly inner: BlobStore,
    private left: number,
  ) {}
  names = () => this.inner.names();
  read = (name: string) => this.inner.read(name);
  async write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.left === 0) await this.inner.write(name, bytes.slice(0, bytes.byteLength / 2));
    if (this.left-- <= 0) throw new Error('the tab was closed');
    await this.inner.write(name, bytes);
  }
  freeBytes = () => this.inner.freeBytes();
  async remove(name: string): Promise<void> {
    if (this.left-- <= 0) throw new Error('the tab was closed');
    await this.inner.remove(name);
  }
}

it('gives a whole file or none, wherever a series of writes breaks off', async () => {
  const operation = fc.record({
    url: fc.constantFrom('a', 'b', 'c'),
    length: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom('put', 'put', 'delete', 'read'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 8 }), fc.nat(15), async (operations, changes) => {
      const store = new MemoryBlobStore();
      const dying = new WeightCache(new DyingStore(store, changes), 100);
      const written = new Map<string, Set<number>>();
      for (const [i, { url, length, kind }] of operations.entries()) {
        if (kind === 'put') (written.get(url) ?? written.set(url, new Set()).get(url)!).add(i + 1);
        const action =
          kind === 'put' ? dying.put(entryOf(url), bytesOf(length, i + 1)) : kind === 'delete' ? dying.delete(url) : get(dying, url);
        await Promise.resolve(action).catch(() => {});
      }
      const reopened = new WeightCache(store, 100);
      for (const url of ['a', 'b', 'c']) {
        const bytes = await get(reopened, url);
        if (!bytes) continue;
        const version = bytes[0]!;
        expect(written.get(url)?.has(version)).toBe(true);
        expect(bytes).toEqual(bytesOf(operations[version - 1]!.length, version));
      }
      await reopened.put(entryOf('a'), bytesOf(7, 99));
      expect(await get(reopened, 'a')).toEqual(bytesOf(7, 99));
    }),
    { numRuns: 300 },
  );
});
