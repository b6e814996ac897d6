/** The hash names weights for good: it must be the one that `sha256sum` gives, whichever way it is computed. */
import { createHash, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { combineHashes, Sha256, sha256 } from './sha256.ts';

const reference = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('equals the reference for any bytes in any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
      const hash = new Sha256();
      for (const piece of pieces) hash.update(piece);
      expect(hex(hash.digest())).toBe(reference(Buffer.concat(pieces)));
    }),
    { numRuns: 500 },
  );
});

it('gives the same with and without Web Crypto', async () => {
  const bytes = Uint8Array.from(randomBytes(1_000_003));
  expect(await sha256(bytes)).toBe(reference(bytes));
  vi.stubGlobal('crypto', {});
  try {
    expect(await sha256(bytes)).toBe(reference(bytes));
  } finally {
    vi.unstubAllGlobals();
  }
});

it('combines shards by their digests, and leaves a single file alone', () => {
  const [a, b] = [reference(Uint8Array.of(1)), reference(Uint8Array.of(2))];
  expect(combineHashes([a])).toBe(a);
  expect(combineHashes([a, b])).toBe(reference(Buffer.from(a + b, 'hex')));
});

it('stops when aborted', async () => {
  await expect(sha256(new Uint8Array(10), AbortSignal.abort())).rejects.toThrow(/abort/i);
});
