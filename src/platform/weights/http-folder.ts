/** A model folder on a server, with the cache in front of it. */
import { messageOf } from '../../environment/thrown.ts';
import { download, MISSING, probe, type Probe } from './download.ts';
import { FetchError } from '../../ports/load-errors.ts';
import type { FileKind } from './file-content.ts';
import type { Folder, FolderFile, OnBytes } from './folder.ts';
import { fileUrl, type FolderAddress } from './source.ts';
import type { CacheEntry, Validators, WeightCache } from './weight-cache.ts';

export class HttpFolder implements Folder {
  readonly warnings = new Set<string>();
  readonly missing = new Map<string, Error>();
  readonly #probes = new Map<string, Promise<Probe>>();
  /** Files of this load; they must not push each other out of the cache. */
  readonly #inUse = new Set<string>();
  #servedFromCache = false;

  constructor(
    private readonly address: FolderAddress,
    private readonly cache: WeightCache | null,
    private readonly signal?: AbortSignal,
  ) {}

  get id(): string {
    return this.address.id;
  }
  get source(): string {
    return this.address.source;
  }
  get url(): string {
    return this.address.base.href;
  }

  async read(file: string, kind: FileKind, need: 'required' | 'optional', onBytes?: OnBytes): Promise<FolderFile | null> {
    this.signal?.throwIfAborted();
    const url = fileUrl(this.address, file);
    this.#inUse.add(url);
    const cached = await this.#readCached(file, url);
    if (cached) return cached;
    if (this.address.keptOnly) return this.#notKept(file, url, need);
    try {
      // What is kept in our cache need not fill the browser's too.
      const httpCache = this.cache ? 'no-store' : 'no-cache';
      const { bytes, ...validators } = await download({ file, url, kind }, { signal: this.signal, onBytes, httpCache });
      return {
        bytes,
        fromCache: false,
        sha256: null,
        keep: (sha256) => this.#keep(file, url, bytes, sha256, validators),
        forget: async () => {},
      };
    } catch (error) {
      if (need === 'required' || !(error instanceof FetchError) || !this.#meansAbsent(error)) throw error;
      this.missing.set(file, error);
      return null;
    }
  }

  list(): null {
    return null;
  }

  #notKept(file: string, url: string, need: 'required' | 'optional'): null {
    const error = new FetchError(file, url, null, 'no_answer', 'the browser no longer keeps it.');
    if (need === 'required') throw error;
    this.missing.set(file, error);
    return null;
  }

  async has(file: string): Promise<boolean> {
    if (this.address.keptOnly) return (await this.#entry(fileUrl(this.address, file))) !== null;
    const answer = await this.#probe(fileUrl(this.address, file));
    return answer.status === 200 && !answer.html;
  }

  async size(file: string): Promise<number | null> {
    const url = fileUrl(this.address, file);
    const entry = await this.#entry(url);
    if (entry && this.address.immutable) return entry.bytes;
    if (this.address.keptOnly) return null;
    const answer = await this.#probe(url);
    if (answer.status === null) return entry?.bytes ?? null;
    return answer.status === 200 && !answer.html ? answer.contentLength : null;
  }

  /** An optional file: not there, a single-page host's index instead, or nobody to ask while the rest comes from the cache. */
  #meansAbsent({ file, status, reason, detail }: FetchError): boolean {
    if (reason === 'page') return true;
    if (reason === 'status') return status !== null && MISSING.includes(status);
    if (reason !== 'no_answer' || !this.#servedFromCache) return false;
    this.warnings.add(`${file} is not in the cache, and there was ${detail}`);
    return true;
  }

  async #readCached(file: string, url: string): Promise<FolderFile | null> {
    const entry = await this.#entry(url);
    if (!entry || !this.cache) return null;
    if (!this.address.immutable) {
      const answer = await this.#probe(url);
      if (answer.status === null || answer.status >= 500) {
        this.warnings.add(
          `${this.address.base.host} could not be asked for newer files (${answer.status ?? answer.reason}): the cached ones are used.`,
        );
      } else if (answer.status !== 200 || !this.#isSame(file, entry, answer)) return null;
    }
    const bytes = await this.#withCache('read', (cache) => cache.read(entry));
    if (!bytes) return null;
    this.#servedFromCache = true;
    const forget = async (): Promise<void> => void (await this.#withCache('change', (cache) => cache.delete(url)));
    return { bytes, fromCache: true, sha256: entry.sha256, keep: async () => {}, forget };
  }

  /** Equal in all that both name, and at least one thing is named by both. */
  #isSame(file: string, entry: CacheEntry, answer: Validators): boolean {
    const strong = (etag: string | null): string | null => etag?.replace(/^W\//, '') ?? null;
    const pairs = [
      [strong(entry.etag), strong(answer.etag)],
      [entry.lastModified, answer.lastModified],
      [entry.contentLength, answer.contentLength],
    ] as const;
    const comparable = pairs.filter(([a, b]) => a !== null && b !== null);
    if (comparable.some(([a, b]) => a !== b)) return false;
    if (comparable.length === 1 && comparable[0] === pairs[2]) {
      this.warnings.add(`${file}: the server names neither ETag nor Last-Modified, so that the cached file was compared by its size only.`);
    }
    return comparable.length > 0;
  }

  async #keep(file: string, url: string, bytes: Uint8Array<ArrayBuffer>, sha256: string | null, validators: Validators): Promise<void> {
    const { source, revision } = this.address;
    try {
      await this.cache?.put({ url, source, revision, sha256, ...validators }, bytes, this.#inUse);
    } catch (error) {
      this.warnings.add(`${file} is not kept for the next visit: ${messageOf(error)}`);
    }
  }

  async #entry(url: string): Promise<CacheEntry | null> {
    return this.#withCache('read', (cache) => cache.find(url));
  }

  /** A cache that fails is no cache. */
  async #withCache<T>(what: string, use: (cache: WeightCache) => Promise<T>): Promise<T | null> {
    if (!this.cache) return null;
    try {
      return await use(this.cache);
    } catch (error) {
      this.warnings.add(`The cache could not be ${what === 'read' ? 'read' : 'changed'}: ${messageOf(error)}`);
      return null;
    }
  }

  #probe(url: string): Promise<Probe> {
    let answer = this.#probes.get(url);
    if (!answer) this.#probes.set(url, (answer = probe(url, this.signal)));
    return answer;
  }
}
