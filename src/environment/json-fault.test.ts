import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFault } from './json-fault.ts';

test.each([
  ['{"a":1 x}', 'expected "," or "}" in line 1, column 8; there is "x"'],
  ['{"a":', 'expected a value in line 1, column 6; the text ends there'],
  ['{"a"', 'expected ":" after the name in line 1, column 5; the text ends there'],
  ['{\n  a: 1}', 'expected a name in "…" or "}" in line 2, column 3; there is "a"'],
  ['{"a":1,}', 'expected a name in "…" in line 1, column 8; there is "}"'],
  ['[1,]', 'expected a value in line 1, column 4; there is "]"'],
  ['[1 2]', 'expected "," or "]" in line 1, column 4; there is "2"'],
  ["['a']", 'expected a value or "]" in line 1, column 2; there is "\'"'],
  ['[True]', 'expected a value or "]" in line 1, column 2; there is "True"'],
  ['"ab', 'expected the end of a text, " in line 1, column 4; the text ends there'],
  ['"a\nb"', String.raw`expected "\n" in line 1, column 3; there is a new line`],
  ['', 'expected a value in line 1, column 1; the text ends there'],
  ['{} {}', 'expected the end in line 1, column 4; there is "{"'],
  ['01', 'expected the end in line 1, column 2; there is "1"'],
])('%j', (text, said) => expect(jsonFault(text)).toBe(said));

test('Python’s constants are taken where they may stand', () => {
  expect(jsonFault('[NaN, -Infinity]')).not.toBeNull();
  expect(jsonFault('[NaN, -Infinity]', { constants: true })).toBeNull();
  expect(jsonFault('[NaN, Infinit]', { constants: true })).toContain('column 7; there is "Infinit"');
});

test('it finds a fault in what JSON.parse refuses, and in nothing else', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const broken = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '\n', '1', 'e', '-', '.', ' ', 'null', '\u0001'),
    )
    .map(([json, at, cut, put]) => json.slice(0, at % (json.length + 1)) + put + json.slice((at % (json.length + 1)) + cut));
  fc.assert(
    fc.property(fc.oneof(broken, fc.json(), fc.string(), fc.stringMatching(/^[[\]{},:"\\eu0-9.+\- ntrl]*$/)), (text) => {
      expect(jsonFault(text) === null).toBe(isJson(text));
    }),
    { numRuns: 3000 },
  );
});

test('ten thousand brackets are no deeper than two', () =>
  expect(jsonFault('['.repeat(10_000))).toMatch(/^expected a value or "]" in line 1/));
