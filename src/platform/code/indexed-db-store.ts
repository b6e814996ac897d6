/** Records by id in IndexedDB, so that what a person wrote outlives a reload. Where the browser denies it, every call rejects. */

const DATABASE = 'glassbox-code';
const RECORDS = 'resources';

export class IndexedDbStore<Kept extends { id: string }> {
  #database: Promise<IDBDatabase> | null = null;

  load(): Promise<Kept[]> {
    return this.#ask('readonly', (records) => records.getAll() as IDBRequest<Kept[]>);
  }

  async save(record: Kept): Promise<void> {
    await this.#ask('readwrite', (records) => records.put(record));
  }

  async delete(id: string): Promise<void> {
    await this.#ask('readwrite', (records) => records.delete(id));
  }

  /** Settles when the transaction is complete, so that what was saved is there after a reload. */
  async #ask<T>(mode: IDBTransactionMode, ask: (records: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await (this.#database ??= open());
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(RECORDS, mode);
      const request = ask(transaction.objectStore(RECORDS));
      transaction.addEventListener('complete', () => resolve(request.result));
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The transaction was aborted.')));
    });
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(RECORDS, { keyPath: 'id' }));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB is not available.')));
    request.addEventListener('blocked', () => reject(new Error('Another tab holds an older form of the database.')));
  });
}
