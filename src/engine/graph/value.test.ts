/** Symbolic sizes must behave as numbers do, whatever the symbols stand for. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDims, broadcastShapes, type Dim, divideDims, multiplyDims } from './value.ts';

const SYMBOLS: Record<string, number> = { B: 3, T: 5, P: 7 };

/** What a size is when the symbols have values. */
function evaluate(dim: Dim): number {
  return String(dim)
    .split(' + ')
    .reduce((sum, term) => sum + term.split(' * ').reduce((product, factor) => product * (SYMBOLS[factor] ?? Number(factor)), 1), 0);
}

const atom = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(...Object.keys(SYMBOLS)));
const dim: fc.Arbitrary<Dim> = fc
  .array(atom, { minLength: 1, maxLength: 3 })
  .chain((factors) => fc.array(atom, { maxLength: 2 }).map((more) => more.reduce<Dim>(addDims, multiplyDims(factors))));

describe('sizes', () => {
  test('add and multiply as numbers do', () => {
    fc.assert(
      fc.property(dim, dim, (a, b) => {
        expect(evaluate(addDims(a, b))).toBe(evaluate(a) + evaluate(b));
        expect(evaluate(multiplyDims([a, b]))).toBe(evaluate(a) * evaluate(b));
        expect(addDims(a, b)).toBe(addDims(a, b));
      }),
    );
  });

  test('division undoes multiplication', () => {
    fc.assert(
      fc.property(dim, atom, (a, b) => {
        expect(evaluate(divideDims([multiplyDims([a, b])], [b])!)).toBe(evaluate(a));
        expect(divideDims([a, b], [a])).toBe(b);
      }),
    );
  });

  test('what does not divide is no size', () => {
    expect(divideDims([12], [5])).toBeNull();
    expect(divideDims(['B', 12], ['T'])).toBeNull();
    expect(divideDims(['B * T', 96], ['B', 'T', 4])).toBe(24);
    expect(divideDims(['4 * T'], ['T'])).toBe(4);
  });

  test('equal sums are written alike', () => {
    expect(['T', 'T', 'T', 'T'].reduce<Dim>(addDims, 0)).toBe('4 * T');
    expect(multiplyDims(['T', 'B'])).toBe(multiplyDims(['B', 'T']));
  });
});

describe('broadcasting', () => {
  test.each([
    [
      ['B', 1, 'T', 'S'],
      ['B', 8, 'T', 'S'],
      ['B', 8, 'T', 'S'],
    ],
    [[], [4], [4]],
    [[64], ['N', 64], ['N', 64]],
    [['?'], [4], [4]],
    [[3], [4], null],
    [['T'], [4], null],
    [['T'], ['S'], null],
  ] as [Dim[], Dim[], Dim[] | null][])('%j and %j', (a, b, expected) => {
    expect(broadcastShapes(a, b)).toEqual(expected);
    expect(broadcastShapes(b, a)).toEqual(expected);
  });
});
