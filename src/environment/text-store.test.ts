/** Texts that the browser will not keep: they last as long as the page, and that is said once. */
import { beforeEach, expect, it } from 'vitest';
import { noteKept, refusals } from './refusals.ts';
import { TextStore } from './text-store.ts';

const WHAT = 'settings';
const quota = () => new DOMException('No room.', 'QuotaExceededError');
const denied = () => {
  throw new DOMException('Access is denied for this document.', 'SecurityError');
};

/** A store with room for so many characters. */
function smallStorage(room: number) {
  const texts = new Map<string, string>();
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem(key: string, text: string) {
      if (text.length > room) throw quota();
      texts.set(key, text);
    },
    removeItem: (key: string) => void texts.delete(key),
  };
}

beforeEach(() => noteKept(WHAT));

it('keeps in the browser what it takes, and says nothing', () => {
  const storage = smallStorage(10);
  const store = new TextStore(WHAT, () => storage);
  store.setItem('a', 'kept');
  expect(storage.getItem('a')).toBe('kept');
  expect(store.getItem('a')).toBe('kept');
  store.removeItem('a');
  expect(store.getItem('a')).toBeNull();
  expect(refusals.get()).toEqual([]);
});

it('keeps for the page where the mere look at storage throws, and says so once', () => {
  const store = new TextStore(WHAT, denied);
  expect(store.getItem('a')).toBeNull();
  store.setItem('a', 'one');
  store.setItem('b', 'two');
  expect([store.getItem('a'), store.getItem('b')]).toEqual(['one', 'two']);
  store.removeItem('a');
  expect(store.getItem('a')).toBeNull();
  expect(refusals.get()).toEqual([{ what: WHAT, why: 'denied' }]);
});

it('gives the latest text, not the older one that a full store still has, and unsays it once there is room', () => {
  const storage = smallStorage(4);
  const store = new TextStore(WHAT, () => storage);
  store.setItem('a', 'old');
  store.setItem('a', 'much longer');
  expect(store.getItem('a')).toBe('much longer');
  expect(refusals.get()).toEqual([{ what: WHAT, why: 'full' }]);
  store.setItem('a', 'new');
  expect(storage.getItem('a')).toBe('new');
  expect(refusals.get()).toEqual([]);
});
