/** Whatever a patch throws or gives can be told. */
import { expect, it } from 'vitest';
import { messageOf, valueText } from './thrown.ts';

const refuse = () => {
  throw new Error('no');
};
const HOSTILE = [
  Object.create(null),
  new Proxy({}, { get: refuse }),
  new Proxy({}, { getPrototypeOf: refuse }),
  Object.defineProperty(new Error('x'), 'message', { get: refuse }),
  { toString: () => ({}) },
  { [Symbol.toPrimitive]: refuse },
];

it.each(HOSTILE.map((value, i) => [i, value] as const))('tells hostile value %i', (_, value) => {
  expect(messageOf(value)).toBe('what can’t be written as text');
  expect(valueText(value).length).toBeGreaterThan(0);
});

it('tells plain values as code writes them, and cuts long ones', () => {
  expect(['1', 1, 1n, [1], new Number(3), null, undefined, Number.NaN, true].map(valueText)).toEqual([
    ...['"1"', '1', '1n', 'a list of 1', '[object Number]', 'null', 'undefined', 'NaN', 'true'],
  ]);
  expect(messageOf(new Error('why'))).toBe('why');
  expect(messageOf('a'.repeat(5000))).toMatch(/^a{1000}… \(cut: 4000 more characters\)$/);
});
