import { expect, test } from 'vitest';
import { parseNumber, parseNumbers } from './number-text.ts';

test.each([
  ['.5', 0.5],
  ['1.0', 1],
  ['1.', 1],
  ['1e-4', 1e-4],
  ['1E+3', 1000],
  ['.5e1', 5],
  ['+3', 3],
  ['-0.25', -0.25],
  ['\u22122', -2],
  ['1e\u22123', 0.001],
  [' 007 ', 7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['5e-324', 5e-324],
])('%j is %d', (text, number) => expect(parseNumber(text)).toBe(number));

test.each([
  '',
  ' ',
  '-',
  '.',
  'e5',
  '1e',
  '1e-',
  'abc',
  '1,5',
  '1 000',
  '0x10',
  'Infinity',
  'NaN',
  '1e999',
  '9007199254740993',
  '1.2.3',
  '--1',
])('%j is none', (text) => expect(parseNumber(text)).toBeUndefined());

test('a list is taken whole or not at all', () => {
  expect(parseNumbers('[1, .5; 2e1 3]')).toEqual([1, 0.5, 20, 3]);
  expect(parseNumbers('')).toEqual([]);
  for (const text of ['1, 2, 4, x', '1, 2, -', '1, Infinity', '1-2']) expect(parseNumbers(text)).toBeUndefined();
});
