/** Records where IndexedDB is missing, throws when looked at, or never answers: they last as long as the page. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type HeldRecord, onHeld, RecordDatabase, takeOver } from './record-store.ts';
import { noteKept, refusals } from './refusals.ts';

const WHAT = 'plans';
let count = 0;
const open = (name = `database ${count++}`) => new RecordDatabase(name, ['plans']).store('plans', WHAT, isCounted);
interface Counted {
  id: string;
  n: number;
}
const isCounted = (kept: unknown): kept is Counted => typeof (kept as Counted).n === 'number';

/** By these the library tells what a browser gives it. */
const CLASSES = ['IDBRequest', 'IDBDatabase', 'IDBTransaction', 'IDBObjectStore', 'IDBIndex', 'IDBCursor'];

beforeEach(() => CLASSES.forEach((name) => vi.stubGlobal(name, class extends EventTarget {})));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  noteKept(WHAT);
});

const stubs: Record<string, unknown> = {
  'is missing': undefined,
  'is null': null,
  'throws when it is opened': {
    open() {
      throw new DOMException('Denied.', 'SecurityError');
    },
  },
  'fails to open': {
    open() {
      const request = Object.assign(new IDBRequest(), { error: new DOMException('Denied.', 'UnknownError') });
      queueMicrotask(() => request.dispatchEvent(new Event('error')));
      return request;
    },
  },
};

it.each(Object.entries(stubs))('keeps records for the page where IndexedDB %s', async (_name, stub) => {
  vi.stubGlobal('indexedDB', stub);
  const store = open();
  expect(await store.list()).toEqual([]);
  const record = { id: 'a', n: 1 };
  await store.put(record);
  record.n = 2;
  await store.put({ id: 'b', n: 3 });
  await store.delete('b');
  expect(await store.list()).toEqual([{ id: 'a', n: 1 }]);
  expect(refusals.get()).toEqual([{ what: WHAT, why: 'denied' }]);
});

it('does not wait for ever for a database that never opens', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('indexedDB', { open: () => new IDBRequest() });
  const listed = open().list();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await listed).toEqual([]);
});

it('tells what it holds, and another realm goes on from there', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const told: HeldRecord[] = [];
  onHeld((change) => told.push(change));
  const store = open('carried');
  await store.put({ id: 'a', n: 1 });
  await store.put({ id: 'a', n: 2 });
  await store.put({ id: 'b', n: 3 });
  await store.delete('b');
  const latest = [...new Map(told.map((change) => [change.id, change])).values()];
  expect(latest).toEqual([
    { store: 'carried/plans', id: 'a', record: { id: 'a', n: 2 } },
    { store: 'carried/plans', id: 'b', record: null },
  ]);
  // As the worker after it has them, in a module of its own.
  takeOver(latest.map((change) => ({ ...change, store: change.store.replace('carried', 'next') })));
  expect(await open('next').list()).toEqual([{ id: 'a', n: 2 }]);
});

it('says that what lies there is of a newer version, and tries again each time', async () => {
  const opening = vi.fn<() => EventTarget>(() => {
    const request = Object.assign(new IDBRequest(), { error: new DOMException('Less than 7.', 'VersionError') });
    queueMicrotask(() => request.dispatchEvent(new Event('error')));
    return request;
  });
  vi.stubGlobal('indexedDB', { open: opening });
  const store = open();
  await store.put({ id: 'a', n: 1 });
  expect(refusals.get()).toEqual([{ what: WHAT, why: 'newer' }]);
  expect(await store.list()).toEqual([{ id: 'a', n: 1 }]);
  expect(opening).toHaveBeenCalledTimes(2);
});

it('closes a connection that comes when nobody waits for it any more', async () => {
  vi.useFakeTimers();
  const close = vi.fn<() => void>();
  const request = Object.assign(new IDBRequest(), { result: { close } });
  vi.stubGlobal('indexedDB', { open: () => request });
  const listed = open().list();
  await vi.advanceTimersByTimeAsync(10_000);
  await listed;
  request.dispatchEvent(new Event('success'));
  await vi.advanceTimersByTimeAsync(0);
  expect(close).toHaveBeenCalledOnce();
});
