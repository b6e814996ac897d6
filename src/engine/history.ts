/** A bounded memory: the last steps with their decisions, the last generations that ended. Keeps the newest `limit` items, oldest first. */
export class Ring<T> {
  #items: T[] = [];
  #start = 0;

  constructor(readonly limit: number) {}

  push(item: T): T | undefined {
    this.#items.push(item);
    if (this.#items.length - this.#start <= this.limit) return undefined;
    const dropped = this.#items[this.#start++];
    // Amortised: the array is cut once for every `limit` pushes.
    if (this.#start > this.limit) {
      this.#items = this.#items.slice(this.#start);
      this.#start = 0;
    }
    return dropped;
  }

  drop(isUnwanted: (item: T) => boolean): void {
    if (!this.#items.some(isUnwanted)) return;
    this.#items = this.items().filter((item) => !isUnwanted(item));
    this.#start = 0;
  }

  items(): T[] {
    return this.#items.slice(this.#start);
  }
}
