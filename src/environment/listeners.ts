/** Those who are told of something, until they want to hear no more. */

export class Listeners<Listener> implements Iterable<Listener> {
  readonly #listeners = new Set<Listener>();

  /** Returns what ends the subscription. */
  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  [Symbol.iterator](): Iterator<Listener> {
    return this.#listeners.values();
  }
}
