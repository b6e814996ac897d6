/** Ids where the page has no secure address. */
import { afterEach, expect, it, vi } from 'vitest';
import { newId, randomSeed, shortId } from './ids.ts';

afterEach(() => vi.unstubAllGlobals());

it('makes ids with what an insecure address has of `crypto`', () => {
  const { crypto } = globalThis;
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 200 }, newId);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(new Set(ids).size).toBe(200);
  expect(shortId('plan')).toMatch(/^plan_[\da-f]{8}$/);
  expect(Number.isInteger(randomSeed())).toBe(true);
});
