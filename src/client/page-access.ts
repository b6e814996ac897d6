/** Whether the RESTful transport asks for tokens, as this page keeps it, and the token by which the page itself is known while it is open. */
import { Observable } from '../environment/observable.ts';
import type { TextStore } from '../environment/text-store.ts';

const KEY = 'glassbox-require-tokens';
const ON = 'yes';

export class PageAccess {
  readonly #required: Observable<boolean>;
  readonly #session: string;

  /**
   * @param session a new one for each page: it is in memory alone, and a reload renews it
   * @param texts remembers the switch, for every tab of the site
   */
  constructor(
    session: string,
    private readonly texts: Pick<TextStore, 'getItem' | 'setItem' | 'removeItem'>,
  ) {
    this.#session = session;
    this.#required = new Observable(this.#read());
  }

  readonly get = (): boolean => this.#required.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#required.subscribe(listener);

  require(on: boolean): void {
    if (on) this.texts.setItem(KEY, ON);
    else this.texts.removeItem(KEY);
    this.#required.set(on);
  }

  /** What is remembered may have been changed by another tab, whose requests this one may answer. */
  readAgain(): void {
    const now = this.#read();
    if (now !== this.get()) this.#required.set(now);
  }

  /** What the page's own requests show. */
  readonly token = (): string | null => (this.get() ? this.#session : null);

  /** For the worker, which asks for tokens and knows the page by its own. */
  settings(): { required: boolean; session: string } {
    return { required: this.get(), session: this.#session };
  }

  #read(): boolean {
    return this.texts.getItem(KEY) === ON;
  }
}
