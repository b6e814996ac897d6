import { afterEach, expect, test, vi } from 'vitest';
import { sha256 } from '../environment/sha256.ts';
import { hashOf, idOf, isSameHash, newToken } from './token.ts';

afterEach(() => vi.unstubAllGlobals());

test('a token begins with its id, is whole, and no two are the same', () => {
  const made = Array.from({ length: 200 }, newToken);
  expect(new Set(made.map(({ token }) => token)).size).toBe(made.length);
  for (const { token, id, hash } of made) {
    expect(token.startsWith(`${id}_`)).toBe(true);
    expect(idOf(token)).toBe(id);
    expect(hash).toBe(hashOf(token));
    // 160 bits of the secret, and nothing of it in what is public.
    expect(token.slice(id.length + 1)).toMatch(/^[0-9a-f]{48}$/);
  }
});

test('one character more, less or other, and it is not whole', () => {
  const { token } = newToken();
  for (let i = 0; i < token.length; i++) {
    const other = token[i] === '0' ? '1' : '0';
    for (const damaged of [token.slice(0, i) + token.slice(i + 1), token.slice(0, i) + other + token.slice(i + 1), `${token}${token[i]}`])
      expect(idOf(damaged), damaged).toBeNull();
  }
  for (const text of ['', 'gbx_', ` ${token}`, `${token}\n`, token.toUpperCase()]) expect(idOf(text)).toBeNull();
});

test('the hash is SHA-256, where there is no Web Crypto too', async () => {
  const { token, hash } = newToken();
  expect(hash).toBe(await sha256(new TextEncoder().encode(token)));
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect(hashOf(token)).toBe(hash);
  const without = newToken();
  expect(idOf(without.token)).toBe(without.id);
});

test('hashes are compared to their end, wherever they differ', () => {
  const { hash } = newToken();
  const last = hash.slice(0, -1) + (hash.endsWith('0') ? '1' : '0');
  const first = (hash.startsWith('0') ? '1' : '0') + hash.slice(1);
  expect([hash, last, first, hash.slice(1), '', `${hash}0`].map((other) => isSameHash(hash, other))).toEqual([
    true,
    ...[false, false, false, false, false],
  ]);
});
