/**
 * Files that were downloaded and found good, kept for the next visit within a bound.
 *
 * An entry is two blobs: the file under a name never used before, then a small JSON that points to it. A write that breaks off leaves
 * a file that nothing points to, so half a file is never used; the next write sweeps it away.
 */
import type { BlobStore } from './blob-store.ts';
import { sha256 } from '../../environment/sha256.ts';

export const DEFAULT_CACHE_BYTES = 4 * 2 ** 30;
/** A file that nothing points to for so long belongs to no write in progress. */
const ORPHAN_MS = 60 * 60 * 1000;

/** What a server says about a version of a file. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
  contentLength: number | null;
}

export interface CacheEntry extends Validators {
  url: string;
  /** The model folder it belongs to, for people. */
  source: string;
  revision: string | null;
  bytes: number;
  /** SHA-256 (hex) of weight files; `null` for others. */
  sha256: string | null;
  savedAt: number;
  usedAt: number;
  blob: string;
}

export type NewEntry = Pick<CacheEntry, 'url' | 'source' | 'revision' | 'sha256' | keyof Validators>;

const entryName = async (url: string): Promise<string> => `${(await sha256(new TextEncoder().encode(url))).slice(0, 32)}.json`;
const isQuotaError = (error: unknown): boolean => error instanceof Error && error.name === 'QuotaExceededError';

export class WeightCache {
  constructor(
    private readonly store: BlobStore,
    readonly maxBytes = DEFAULT_CACHE_BYTES,
  ) {}

  async find(url: string): Promise<CacheEntry | null> {
    const entry = parseEntry(await this.store.read(await entryName(url)));
    return entry?.url === url ? entry : null;
  }

  /** The file of an entry, marked as used now; `null` (and forgotten) where it is gone or not whole. */
  async read(entry: CacheEntry): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = await this.store.read(entry.blob);
    if (bytes?.byteLength !== entry.bytes) {
      await this.delete(entry.url);
      return null;
    }
    await this.#writeEntry({ ...entry, usedAt: Date.now() }).catch(() => {});
    return bytes;
  }

  /**
   * Keeps a file, in place of an older version. Makes room by dropping the least recently used, but none of `pinned` (URLs).
   * @throws RangeError when it cannot fit, else what the store throws
   */
  async put(entry: NewEntry, bytes: Uint8Array<ArrayBuffer>, pinned: ReadonlySet<string> = new Set()): Promise<void> {
    const older = await this.find(entry.url);
    const others = (await this.list()).filter(({ url }) => url !== entry.url);
    await this.#sweep([...others, ...(older ? [older] : [])]);
    const used = others.reduce((sum, other) => sum + other.bytes, 0);
    const droppable = others.filter(({ url }) => !pinned.has(url));
    await this.#drop(droppable, used + bytes.byteLength - this.maxBytes);

    const now = Date.now();
    const stem = (await entryName(entry.url)).replace('.json', '');
    const blob = `${stem}.${now.toString(36)}.${Math.random().toString(36).slice(2)}.bin`;
    try {
      await this.store.write(blob, bytes).catch(async (error: unknown) => {
        if (!isQuotaError(error)) throw error;
        await this.store.remove(blob);
        await this.#drop(droppable, bytes.byteLength - ((await this.store.freeBytes()) ?? 0));
        await this.store.write(blob, bytes);
      });
      await this.#writeEntry({ ...entry, bytes: bytes.byteLength, savedAt: now, usedAt: now, blob });
    } catch (error) {
      await this.store.remove(blob).catch(() => {});
      throw error;
    }
    if (older) await this.store.remove(older.blob).catch(() => {});
  }

  /** All entries, the least recently used first. */
  async list(): Promise<CacheEntry[]> {
    const names = (await this.store.names()).filter((name) => name.endsWith('.json'));
    const entries = await Promise.all(names.map(async (name) => parseEntry(await this.store.read(name))));
    return entries.filter((entry) => entry !== null).toSorted((a, b) => a.usedAt - b.usedAt);
  }

  /** Whether there was such an entry. */
  async delete(url: string): Promise<boolean> {
    const entry = await this.find(url);
    if (!entry) return false;
    await this.store.remove(await entryName(url));
    await this.store.remove(entry.blob);
    return true;
  }

  /** Drops from the front of `entries`, which shrinks, until so many bytes are free. */
  async #drop(entries: CacheEntry[], bytes: number): Promise<void> {
    if (bytes <= 0) return;
    const available = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (available < bytes)
      throw new RangeError(
        `no room: ${bytes} bytes more are needed, of which dropping older models gives ${available} (bound ${this.maxBytes}).`,
      );
    for (let freed = 0; freed < bytes;) {
      const oldest = entries.shift();
      if (!oldest) return;
      await this.delete(oldest.url);
      freed += oldest.bytes;
    }
  }

  /** Removes files of writes that broke off. */
  async #sweep(entries: readonly CacheEntry[]): Promise<void> {
    const kept = new Set(entries.map(({ blob }) => blob));
    for (const name of await this.store.names()) {
      const [, written, , suffix] = name.split('.');
      if (suffix !== 'bin' || kept.has(name) || Date.now() - Number.parseInt(written ?? '', 36) < ORPHAN_MS) continue;
      await this.store.remove(name).catch(() => {});
    }
  }

  async #writeEntry(entry: CacheEntry): Promise<void> {
    await this.store.write(await entryName(entry.url), new TextEncoder().encode(JSON.stringify(entry)));
  }
}

/** The entry, or `null` for what is no whole one (a write that broke off, another version of this file). */
function parseEntry(bytes: Uint8Array | null): CacheEntry | null {
  if (!bytes) return null;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<CacheEntry> | null;
    return value !== null && typeof value.url === 'string' && typeof value.blob === 'string' && typeof value.bytes === 'number'
      ? (value as CacheEntry)
      : null;
  } catch {
    return null;
  }
}
