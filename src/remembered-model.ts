/**
 * The model that served when the page was last open, so that a reload brings it back.
 *
 * The starts that load it are noted with it before they do, and no longer after, or when the page is left: where one is still noted whose
 * tab is gone, the load ended that tab. What ended a tab, or silenced the worker, is not begun again by itself.
 */
import type { TextStore } from './environment/text-store.ts';
import type { ModelRequest } from './worker-messages.ts';

export interface Remembered {
  model: string;
  /** `null` where its files were not kept. */
  request: ModelRequest | null;
  /** Why they were not. */
  notKept: string | null;
  /** The starts that are at it. */
  loading: readonly string[];
  /** When it silenced the worker, if it did. */
  silent: Silent | null;
}

/** `loading`: in its load. `begun`: soon after. */
export type Silent = keyof typeof SILENT;

const SILENT = {
  loading: 'the engine worker stopped answering while it was being loaded, and might again',
  begun: 'the engine worker stopped answering soon after it was loaded, and might again',
} as const;

const KEY = 'glassbox-model';

export class RememberedModel {
  /** @param presentOf those of the names of starts whose tab still lives */
  constructor(
    private readonly texts: Pick<TextStore, 'getItem' | 'setItem' | 'removeItem'>,
    private readonly presentOf: (names: readonly string[]) => Promise<ReadonlySet<string>>,
  ) {}

  /** The model to begin with, the start noted with it; `null` for the default one. What can't come back is forgotten, and `why` says so. */
  async begin(start: string): Promise<{ remembered: Remembered; why: string | null } | null> {
    const noted = this.#read()?.loading ?? [];
    const present = noted.length > 0 ? await this.presentOf(noted) : new Set();
    // Another tab may have written meanwhile.
    const remembered = this.#read();
    if (!remembered) return null;
    const { request, notKept, loading, silent } = remembered;
    const isCutShort = loading.some((each) => noted.includes(each) && !present.has(each));
    const why = silent
      ? SILENT[silent]
      : isCutShort
        ? 'the page ended while it was being loaded, and might again'
        : request
          ? null
          : notKept;
    if (why === null) this.#write({ ...remembered, loading: [...loading, start] });
    else this.forget(remembered.model);
    return { remembered, why };
  }

  /** The active model from now on. */
  note(model: string, request: ModelRequest, start: string): void {
    const { source, cache } = request;
    if (source.kind === 'bundled' && (source.id ?? 'default') === 'default') return this.texts.removeItem(KEY);
    const notKept =
      source.kind === 'upload'
        ? 'the browser keeps no files that were chosen from a disk: choose its folder again'
        : cache === false
          ? 'its files were not to be kept'
          : null;
    const before = this.#read();
    const loading = before?.model === model ? before.loading.filter((each) => each !== start) : [];
    this.#write({ model, request: notKept === null ? { ...request, stream: false } : null, notKept, loading, silent: null });
  }

  /** The worker is silent, and that may be its doing; `null`: it answers again. */
  suspect(model: string, silent: Silent | null): void {
    const remembered = this.#read();
    if (remembered?.model === model && remembered.silent !== silent) this.#write({ ...remembered, silent });
  }

  /** The page is left in good order, whatever was being loaded. */
  leave(start: string): void {
    const remembered = this.#read();
    if (remembered?.loading.includes(start)) this.#write({ ...remembered, loading: remembered.loading.filter((each) => each !== start) });
  }

  /** Unless another has served since. */
  forget(model: string): void {
    if (this.#read()?.model === model) this.texts.removeItem(KEY);
  }

  /** What lies there may be of another version, or written by a neighbour on the same host. */
  #read(): Remembered | null {
    try {
      const { model, request, notKept, loading, silent } = JSON.parse(this.texts.getItem(KEY) ?? 'null') as Remembered;
      if (typeof model !== 'string') return null;
      return {
        ...{ model, request: request ?? null, notKept: notKept ?? null },
        loading: Array.isArray(loading) ? loading.filter((each) => typeof each === 'string') : [],
        silent: silent !== null && Object.hasOwn(SILENT, silent) ? silent : null,
      };
    } catch {
      return null;
    }
  }

  #write(remembered: Remembered): void {
    this.texts.setItem(KEY, JSON.stringify(remembered));
  }
}
