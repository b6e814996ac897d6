/**
 * The model that served when the page was last open, so that a reload brings it back.
 *
 * It is noted as unfinished before it is loaded and as finished after, or when the page is left: where the note still says unfinished, the
 * load ended the tab, and is not begun again by itself.
 */
import type { TextStore } from './environment/text-store.ts';
import type { ModelRequest } from './worker-messages.ts';

export interface Remembered {
  model: string;
  /** `null` where its files were not kept. */
  request: ModelRequest | null;
  /** Why they were not. */
  notKept: string | null;
  isUnfinished: boolean;
}

const KEY = 'glassbox-model';

export class RememberedModel {
  constructor(private readonly texts: Pick<TextStore, 'getItem' | 'setItem' | 'removeItem'>) {}

  /** The model to begin with, noted as unfinished; `null` for the default one. What can't come back is forgotten, and `why` says so. */
  begin(): { remembered: Remembered; why: string | null } | null {
    const remembered = this.#read();
    if (!remembered) return null;
    const { request, notKept, isUnfinished } = remembered;
    const why = isUnfinished ? 'the page ended while it was being loaded, and might again' : request ? null : notKept;
    if (why === null) this.#write({ ...remembered, isUnfinished: true });
    else this.forget();
    return { remembered, why };
  }

  /** The active model from now on. */
  note(model: string, request: ModelRequest): void {
    const { source, cache } = request;
    if (source.kind === 'bundled' && (source.id ?? 'default') === 'default') return this.forget();
    const notKept =
      source.kind === 'upload'
        ? 'the browser keeps no files that were chosen from a disk: choose its folder again'
        : cache === false
          ? 'its files were not to be kept'
          : null;
    this.#write({ model, request: notKept === null ? { ...request, stream: false } : null, notKept, isUnfinished: false });
  }

  /** The page is left in good order, whatever was being loaded. */
  leave(): void {
    const remembered = this.#read();
    if (remembered?.isUnfinished) this.#write({ ...remembered, isUnfinished: false });
  }

  forget(): void {
    this.texts.removeItem(KEY);
  }

  /** What lies there may be of another version, or written by a neighbour on the same host. */
  #read(): Remembered | null {
    try {
      const { model, request, notKept, isUnfinished } = JSON.parse(this.texts.getItem(KEY) ?? 'null') as Remembered;
      return { model: String(model), request: request ?? null, notKept: notKept ?? null, isUnfinished: isUnfinished === true };
    } catch {
      return null;
    }
  }

  #write(remembered: Remembered): void {
    this.texts.setItem(KEY, JSON.stringify(remembered));
  }
}
