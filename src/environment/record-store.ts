/** Records by id that outlive a reload, in IndexedDB; what the browser denies, or has no room for, is kept until the page goes. */
import { deleteDB, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb';
import { Listeners } from './listeners.ts';
import { noteKept, noteRefusal, refusalOf } from './refusals.ts';

interface Identified {
  id: string;
}

export interface RecordStore<T extends Identified> {
  list(): Promise<T[]>;
  put(record: T): Promise<void>;
  /**
   * Writes what `change` makes of the record as it is kept now, whoever wrote it last; no other write comes between.
   * @param here what it is taken to be where that can't be asked
   * @returns what is kept from now on
   */
  change(id: string, here: T | undefined, change: (kept: T | undefined) => T): Promise<T>;
  delete(id: string): Promise<void>;
}

/** Forgets with the page. */
export class MemoryRecords<T extends Identified> implements RecordStore<T> {
  readonly #records = new Map<string, T>();

  async list(): Promise<T[]> {
    return structuredClone([...this.#records.values()]);
  }

  async put(record: T): Promise<void> {
    this.#records.set(record.id, structuredClone(record));
  }

  async change(id: string, _here: T | undefined, change: (kept: T | undefined) => T): Promise<T> {
    const changed = change(structuredClone(this.#records.get(id)));
    await this.put(changed);
    return changed;
  }

  async delete(id: string): Promise<void> {
    this.#records.delete(id);
  }
}

/** What the browser did not take, or did not delete (`null`), by store. `undefined`: it has taken it after all. */
export interface HeldRecord {
  store: string;
  id: string;
  record: Identified | null | undefined;
}

const held = new Map<string, Map<string, Identified | null>>();
const listeners = new Listeners<(change: HeldRecord) => void>();

/** Told of each change, so that another realm can keep it when this one ends. */
export const onHeld = listeners.subscribe;

/** What another realm held, before any store is read. */
export function takeOver(records: readonly HeldRecord[]): void {
  for (const { store, id, record } of records) if (record !== undefined) heldIn(store).set(id, record);
}

function heldIn(store: string): Map<string, Identified | null> {
  const found = held.get(store) ?? new Map<string, Identified | null>();
  held.set(store, found);
  return found;
}

/** An open that neither succeeds nor fails within this time counts as refused: everything that waits for it goes on. */
const OPEN_LIMIT_MS = 10_000;

export class RecordDatabase {
  #open: Promise<IDBPDatabase> | null = null;

  constructor(
    private readonly name: string,
    private readonly stores: readonly string[],
  ) {}

  /**
   * @param what it holds, in plain words
   * @param isRecord what lies there may be of another version, or a neighbour's: anything else counts as not there, and stays until its id is written
   */
  store<T extends Identified>(store: string, what: string, isRecord: (kept: unknown) => kept is T): RecordStore<T> {
    return new BrowserRecords<T>(`${this.name}/${store}`, what, isRecord, (mode, ask) => this.#ask(store, mode, ask));
  }

  /** Settles when the transaction is complete, so that what was saved is there after a reload. */
  async #ask<R, M extends IDBTransactionMode>(store: string, mode: M, ask: (records: Records<M>) => Promise<R>): Promise<R> {
    const database = await (this.#open ??= this.#opened());
    const transaction = database.transaction(store, mode);
    const [answer] = await Promise.all([ask(transaction.store), transaction.done]);
    return answer;
  }

  #opened(): Promise<IDBPDatabase> {
    const opening = opened(this.name, this.stores, () => forget());
    // A later call tries anew: what failed once may have been one bad moment, or is gone since someone cleared the site's data.
    const forget = () => {
      if (this.#open === opening) this.#open = null;
    };
    opening.catch(forget);
    return opening;
  }
}

/** @param onEnd told when the connection is of no more use */
async function opened(name: string, stores: readonly string[], onEnd: () => void): Promise<IDBPDatabase> {
  const database = await connected(name, stores, onEnd);
  if (database.objectStoreNames.length > 0) return database;
  // Whoever opened it first without a version, as to look what is in it, left it empty: nothing is lost when it is made anew.
  database.close();
  await new Promise<void>((resolve, reject) => {
    const blocked = () => reject(new Error(`The database ${name} is empty, and another page holds it.`));
    deleteDB(name, { blocked }).then(resolve, reject);
  });
  return connected(name, stores, onEnd);
}

async function connected(name: string, stores: readonly string[], onEnd: () => void): Promise<IDBPDatabase> {
  // The look at it may throw, and where it is missing it is null or undefined.
  const opening = openDB(name, 1, {
    upgrade: (database) => stores.forEach((store) => database.createObjectStore(store, { keyPath: 'id' })),
    terminated: onEnd,
    // Someone deletes it or a newer version of the page raises its version: both wait, and every open behind them, until nobody holds it.
    blocking: (_current, _blocked, { target }) => {
      (target as IDBDatabase).close();
      onEnd();
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('IndexedDB does not answer.'));
      // Nobody else would close it.
      opening.then(
        (database) => database.close(),
        () => {},
      );
    }, OPEN_LIMIT_MS);
  });
  return Promise.race([opening, late]).finally(() => clearTimeout(timer));
}

type Records<M extends IDBTransactionMode> = IDBPObjectStore<unknown, [string], string, M>;
type Ask = <R, M extends IDBTransactionMode>(mode: M, ask: (records: Records<M>) => Promise<R>) => Promise<R>;

class BrowserRecords<T extends Identified> implements RecordStore<T> {
  readonly #here: Map<string, T | null>;

  constructor(
    private readonly name: string,
    private readonly what: string,
    private readonly isRecord: (kept: unknown) => kept is T,
    private readonly ask: Ask,
  ) {
    this.#here = heldIn(name) as Map<string, T | null>;
  }

  async list(): Promise<T[]> {
    const kept = await this.ask('readonly', (records) => records.getAll() as Promise<unknown[]>).catch((error: unknown) => {
      noteRefusal(refusalOf(this.what, error));
      return [];
    });
    const all = new Map<string, T | null>();
    for (const record of kept) if (this.isRecord(record)) all.set(record.id, record);
    for (const [id, record] of this.#here) all.set(id, record);
    return structuredClone([...all.values()].filter((record) => record !== null));
  }

  async put(record: T): Promise<void> {
    const copy = structuredClone(record);
    await this.#write(
      record.id,
      async (records) => records.put(copy),
      () => copy,
    );
  }

  async change(id: string, here: T | undefined, change: (kept: T | undefined) => T): Promise<T> {
    const held = this.#here.get(id);
    let changed = structuredClone(change(held === undefined ? here : (held ?? undefined)));
    await this.#write(
      id,
      async (records) => {
        const kept: unknown = await records.get(id);
        if (held === undefined) changed = structuredClone(change(this.isRecord(kept) ? kept : undefined));
        await records.put(changed);
      },
      () => changed,
    );
    return structuredClone(changed);
  }

  async delete(id: string): Promise<void> {
    await this.#write(
      id,
      async (records) => records.delete(id),
      () => null,
    );
  }

  /** @param value what is held here where the browser does not take it */
  async #write(id: string, write: (records: Records<'readwrite'>) => Promise<unknown>, value: () => T | null): Promise<void> {
    try {
      await this.ask('readwrite', write);
      if (this.#here.delete(id)) this.#tell(id, undefined);
      if (this.#here.size === 0) noteKept(this.what);
    } catch (error) {
      this.#here.set(id, value());
      this.#tell(id, value());
      noteRefusal(refusalOf(this.what, error));
    }
  }

  #tell(id: string, record: T | null | undefined): void {
    for (const listener of listeners) listener({ store: this.name, id, record });
  }
}
