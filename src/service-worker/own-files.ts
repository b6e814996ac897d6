/**
 * The site's own files, kept so that a visit needs no network.
 *
 * There is a cache for each version of the build, and a file goes into it, and is given out of it, only when its hash is the one that the
 * build names: versions never mix, and half a deployment is never kept. Files below `assets/` have their hash in their name, so whatever cache holds one holds
 * the right one; a tab of an older version finds its own there. The others come from the network while that answers. The page itself is
 * kept after all that it needs: where it is, a version is whole.
 */
import { messageOf } from '../environment/thrown.ts';
import { freeBytes } from '../environment/origin-files.ts';
import { sha256 } from '../environment/sha256.ts';
import type { Build, BuildFile } from '../site/build.ts';
import { ask } from '../site/messages.ts';
import { base, pathOf, scope } from './scope.ts';

const PAGE = 'index.html';
/** How long a network may take to begin an answer for which there is a kept one. */
const PATIENCE_MS = 4000;
/** After it took longer, it is not waited for again within this time. */
const IMPATIENT_MS = 30_000;
const ANSWER_MS = 1000;
/** Room that is left to weights and records. */
const SPARE_BYTES = 64 * 2 ** 20;

/** Whether the page itself is there, as people and links give its address. */
export const isPage = (path: string): boolean => path === '' || path === PAGE;

export class OwnFiles {
  readonly #prefix = `glassbox ${base.pathname} `;
  readonly #files: ReadonlyMap<string, BuildFile>;
  #impatientUntil = 0;

  constructor(private readonly build: Build) {
    this.#files = new Map(build.files.map((file) => [file.path, file]));
  }

  /** From the network while that answers, else the newest that is kept whole. */
  async page(request: Request): Promise<Response> {
    const kept = await this.#keptPage();
    return kept ? this.#networkFirst(request, kept) : fetch(request);
  }

  /** @param later told of what goes on after the answer */
  async file(path: string, request: Request, later: (work: Promise<unknown>) => void): Promise<Response> {
    const isNamedByContent = path.startsWith('assets/');
    const kept = await this.#find(path, isNamedByContent);
    if (kept && isNamedByContent) return kept;
    if (kept) return this.#networkFirst(request, request.method === 'HEAD' ? new Response(null, kept) : kept);
    const response = await fetch(request).catch((error: unknown) => {
      // Of a folder that is kept, everything is known: what is not among it is not there.
      if (this.#isInKeptFolder(path)) return new Response('No such file.', { status: 404, headers: { 'content-type': 'text/plain' } });
      throw error;
    });
    const file = this.#files.get(path);
    if (file && request.method === 'GET' && response.status === 200) later(this.#keep(file, response.clone()).catch(() => {}));
    return response;
  }

  /** As this version has it. */
  kept(path: string): Promise<Response | undefined> {
    return this.#find(path, false);
  }

  /** Keeps what is missing until `deadline` (ms since the epoch). */
  async fill(deadline: number): Promise<{ left: number; why: string | null }> {
    const cache = await caches.open(this.#prefix + this.build.version);
    const present = new Set((await cache.keys()).map(({ url }) => url));
    const missing = this.build.files.filter(({ path, keeping }) => keeping !== 'on use' && !present.has(urlOf(path)));
    const free = await freeBytes();
    const bytes = missing.reduce((sum, file) => sum + file.bytes, 0);
    if (missing.length > 0 && free !== null && free < bytes + SPARE_BYTES) return { left: missing.length, why: 'there is no room' };
    for (const [done, file] of missing.entries()) {
      if (Date.now() > deadline) return { left: missing.length - done, why: null };
      try {
        // What was just loaded comes from the browser's own cache; where that has another version, the server is asked.
        if (!(await this.#keep(file, await fetch(urlOf(file.path)))))
          if (!(await this.#keep(file, await fetch(urlOf(file.path), { cache: 'reload' }))))
            return { left: missing.length - done, why: `${file.path} is of another version` };
      } catch (error) {
        return { left: missing.length - done, why: messageOf(error) };
      }
    }
    await this.#removeOlder();
    return { left: 0, why: null };
  }

  async #networkFirst(request: Request, kept: Response): Promise<Response> {
    if (Date.now() < this.#impatientUntil) return kept;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), PATIENCE_MS)));
    const response = await Promise.race([fetch(request), late]).catch(() => undefined);
    clearTimeout(timer);
    if (response === null) this.#impatientUntil = Date.now() + IMPATIENT_MS;
    return response && response.status < 500 ? response : kept;
  }

  /** Whether it was the right file. Rejects when there is no room. */
  async #keep({ path, hash }: BuildFile, response: Response): Promise<boolean> {
    if (response.status !== 200) return false;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if ((await sha256(bytes)) !== hash) return false;
    const headers = new Headers(response.headers);
    // The bytes are decoded, and of another length than what the server sent.
    headers.delete('content-encoding');
    headers.delete('content-length');
    const cache = await caches.open(this.#prefix + this.build.version);
    await cache.put(urlOf(path), new Response(bytes, { headers }));
    return true;
  }

  async #find(path: string, inAnyVersion: boolean): Promise<Response | undefined> {
    for (const name of await this.#caches()) {
      if (!inAnyVersion && name !== this.#prefix + this.build.version) continue;
      const found = await this.#whole(name, path, inAnyVersion);
      if (found) return found;
    }
    return undefined;
  }

  async #keptPage(): Promise<Response | undefined> {
    for (const name of await this.#caches()) {
      const found = await this.#whole(name, PAGE, false);
      if (found) return found;
    }
    return undefined;
  }

  /**
   * What a neighbour or a fault of the disk left in a file's place counts as not there, and is fetched anew.
   * @param isNamedByContent it is the same in every version
   */
  async #whole(name: string, path: string, isNamedByContent: boolean): Promise<Response | undefined> {
    const cache = await caches.open(name);
    const found = await cache.match(urlOf(path));
    const isOwn = name === this.#prefix + this.build.version;
    const hash = isOwn || isNamedByContent ? this.#files.get(path)?.hash : undefined;
    if (!found || hash === undefined) return found;
    const bytes = new Uint8Array(await found.arrayBuffer());
    if (found.status === 200 && (await sha256(bytes)) === hash) return new Response(bytes, { headers: found.headers });
    if (isOwn) await cache.delete(urlOf(path));
    return undefined;
  }

  /** Names of our caches, this version's first, then the newest first. */
  async #caches(): Promise<string[]> {
    const names = (await caches.keys().catch(() => [])).filter((name) => name.startsWith(this.#prefix)).toReversed();
    const own = this.#prefix + this.build.version;
    return names.toSorted((a, b) => Number(b === own) - Number(a === own));
  }

  #isInKeptFolder(path: string): boolean {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return folder.startsWith('models/') && this.build.files.some((file) => file.path.startsWith(folder));
  }

  /** Those of versions that no open tab has; a tab that does not answer may have any. */
  async #removeOlder(): Promise<void> {
    const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const tabs = windows.filter(({ url }) => isPage(pathOf(url)));
    const answers = await Promise.all(tabs.map((tab) => ask(tab, 'version', ANSWER_MS)));
    if (answers.includes(null)) return;
    const needed = new Set([this.build.version, ...answers].map((version) => this.#prefix + version));
    for (const name of await this.#caches()) if (!needed.has(name)) await caches.delete(name);
  }
}

const urlOf = (path: string): string => new URL(path, base).href;
