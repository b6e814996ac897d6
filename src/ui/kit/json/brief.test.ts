import { expect, it } from 'vitest';
import { brief, briefPair } from './brief.ts';

it.each([
  [undefined, 'nothing'],
  [{ a: 1 }, '{"a":1}'],
  ['x'.repeat(40), `"${'x'.repeat(18)}…`],
  ['🙂'.repeat(40), `"${'🙂'.repeat(18)}…`],
])('%j in few characters', (value, text) => expect(brief(value, 20)).toBe(text));

it.each([
  ['one', 'two', ['"one"', '"two"']],
  [`${'x'.repeat(50)}1yz`, `${'x'.repeat(50)}2yz`, ['…xxxxxxxxxxxx1yz"', '…xxxxxxxxxxxx2yz"']],
  [`${'x'.repeat(50)}1${'y'.repeat(50)}`, 'x'.repeat(50), ['…xxxxxxxxxxxx1yyyyy…', '…xxxxxxxxxxxx"']],
])('%j and %j from where they differ', (a, b, both) => expect(briefPair(a, b, 20)).toEqual(both));
