import { expect, test } from 'vitest';
import { PageAccess } from './page-access.ts';

const kept = new Map<string, string>();
const texts = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, text: string) => void kept.set(key, text),
  removeItem: (key: string) => void kept.delete(key),
};

test('off in a fresh tab, remembered once switched on, and heard of by other tabs', () => {
  const one = new PageAccess('secret-one', texts);
  const other = new PageAccess('secret-other', texts);
  const heard: boolean[] = [];
  other.subscribe(() => heard.push(other.get()));
  expect([one.get(), one.token()]).toEqual([false, null]);
  one.require(true);
  other.readAgain();
  other.readAgain();
  expect(heard).toEqual([true]);
  expect([one.token(), other.token()]).toEqual(['secret-one', 'secret-other']);
  const reloaded = new PageAccess('secret-two', texts);
  expect(reloaded.token()).toBe('secret-two');
  expect(reloaded.settings()).toEqual({ required: true, session: 'secret-two' });
  expect(JSON.stringify([...kept, one, other])).not.toContain('secret');
  one.require(false);
  other.readAgain();
  expect(heard).toEqual([true, false]);
  expect(kept.size).toBe(0);
});
