/** Values by id in IndexedDB, so that plans and experiments outlive a reload. Where the browser denies it, every call rejects. */

const DATABASE = 'glassbox-computation';
const STORES = ['plans', 'experiments'] as const;

export class IndexedShelf<T extends { id: string }> {
  #database: Promise<IDBDatabase> | null = null;

  constructor(private readonly store: (typeof STORES)[number]) {}

  list(): Promise<T[]> {
    return this.#ask('readonly', (values) => values.getAll() as IDBRequest<T[]>);
  }

  async put(_id: string, value: T): Promise<void> {
    await this.#ask('readwrite', (values) => values.put(value));
  }

  async delete(id: string): Promise<void> {
    await this.#ask('readwrite', (values) => values.delete(id));
  }

  async #ask<R>(mode: IDBTransactionMode, ask: (values: IDBObjectStore) => IDBRequest<R>): Promise<R> {
    const database = await (this.#database ??= open());
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(this.store, mode);
      const request = ask(transaction.objectStore(this.store));
      transaction.addEventListener('complete', () => resolve(request.result));
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The transaction was aborted.')));
    });
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => STORES.forEach((store) => request.result.createObjectStore(store, { keyPath: 'id' })));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB is not available.')));
    request.addEventListener('blocked', () => reject(new Error('Another tab holds an older form of the database.')));
  });
}
