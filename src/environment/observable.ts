/** A value that changes, and those who are told that it did. */
import { Listeners } from './listeners.ts';

export class Observable<T> {
  #value: T;
  readonly #listeners = new Listeners<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  /** The same value until it is set. */
  readonly get = (): T => this.#value;

  set(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** Returns what ends the subscription. */
  readonly subscribe = this.#listeners.subscribe;
}
