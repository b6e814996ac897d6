/** Where plans and experiments are kept: a store of values by id, in the browser's own where the worker gives one. */

export interface Shelf<T> {
  list(): Promise<T[]>;
  put(id: string, value: T): Promise<void>;
  delete(id: string): Promise<void>;
}

/** Keeps until the worker ends. */
export class MemoryShelf<T> implements Shelf<T> {
  readonly #values = new Map<string, T>();

  async list(): Promise<T[]> {
    return [...this.#values.values()];
  }

  async put(id: string, value: T): Promise<void> {
    this.#values.set(id, structuredClone(value));
  }

  async delete(id: string): Promise<void> {
    this.#values.delete(id);
  }
}
