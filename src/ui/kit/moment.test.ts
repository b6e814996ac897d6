/** A moment reads one way, whatever the browser's language and clock. */
import { expect, it } from 'vitest';
import { momentText } from './moment.tsx';

it.each([
  [new Date(2026, 10, 27, 20, 55, 14), '20:55:14'],
  [new Date(2026, 10, 27, 0, 5, 9), '00:05:09'],
  [new Date(2026, 10, 3, 9, 8, 55), '3 Nov, 09:08'],
  [new Date(2025, 8, 3, 21, 8, 55), '3 Sept 2025, 21:08'],
])('%s is %s', (at, text) => {
  const now = new Date(2026, 10, 27, 23, 59, 59);
  for (const written of [at, at.toISOString(), at.getTime()]) expect(momentText(written, now)).toBe(text);
});
