/** Texts by key in localStorage and sessionStorage; what the browser denies, or has no room for, is kept until the page goes. */
import { noteKept, noteRefusal, refusalOf } from './refusals.ts';

export class TextStore {
  /** What the browser did not take; `null` where it did not remove. */
  readonly #here = new Map<string, string | null>();

  /** @param open throws where storage is denied: the mere look at it does */
  constructor(
    private readonly what: string,
    private readonly open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  ) {}

  readonly getItem = (key: string): string | null => {
    const here = this.#here.get(key);
    if (here !== undefined) return here;
    try {
      return this.open().getItem(key);
    } catch (error) {
      noteRefusal(refusalOf(this.what, error));
      return null;
    }
  };

  readonly setItem = (key: string, text: string): void => this.#write(key, text, (storage) => storage.setItem(key, text));

  readonly removeItem = (key: string): void => this.#write(key, null, (storage) => storage.removeItem(key));

  #write(key: string, value: string | null, write: (storage: Pick<Storage, 'setItem' | 'removeItem'>) => void): void {
    try {
      write(this.open());
      this.#here.delete(key);
      if (this.#here.size === 0) noteKept(this.what);
    } catch (error) {
      this.#here.set(key, value);
      noteRefusal(refusalOf(this.what, error));
    }
  }
}

/** Outlives the tab. */
export const localTexts = new TextStore('settings, scripts, tests', () => globalThis.localStorage);

/** Outlives a reload. */
export const sessionTexts = new TextStore('drafts', () => globalThis.sessionStorage);

/** Whether the browser lets this site keep anything: where cookies are blocked the mere look at its storage throws. */
export function mayStore(): boolean {
  try {
    return (globalThis.localStorage as Storage | null) !== null;
  } catch {
    return false;
  }
}
