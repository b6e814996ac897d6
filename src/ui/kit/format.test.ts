/** Figures keep to what their units mean. */
import { expect, test } from 'vitest';
import { formatBytes, formatProbability, formatRate } from './format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [7_745_872, '7.75 MB'],
  [200_000_000, '200 MB'],
  [269_060_552, '269 MB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [2.5e9, '2.50 GB'],
  [3e15, '3000 TB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('writes figures for people', () => {
  expect([0.5, 0.031, 0.00004, 1e-9, 1].map((p) => formatProbability(Math.log(p)))).toEqual([
    '50 %',
    '3.1 %',
    '0.004 %',
    '< 0.001 %',
    '100 %',
  ]);
  expect(formatRate(152.4)).toBe('152');
  expect(formatRate(9.876)).toBe('9.88');
});
