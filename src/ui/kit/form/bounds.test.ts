/** What is moved into bounds is within them, whichever of them are left out themselves. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWithin, nearestWithin } from './bounds.ts';
import type { FieldOf } from './model.ts';

const end = (low: string, high: string, value: fc.Arbitrary<number>) =>
  fc.tuple(fc.constantFrom(low, high, null), value).map(([name, bound]) => (name === null ? {} : { [name]: bound }));
const field = fc
  .tuple(
    fc.boolean(),
    end('minimum', 'exclusiveMinimum', fc.integer({ min: -100, max: 0 })),
    end('maximum', 'exclusiveMaximum', fc.integer({ min: 2, max: 100 })),
  )
  .map(([integer, low, high]): FieldOf<'number'> => ({ kind: 'number', integer, ...low, ...high }));

test('any number is moved to one that is taken, and one that is taken stays', () => {
  fc.assert(
    fc.property(field, fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -101, max: 101 })), (of, value) => {
      const near = nearestWithin(of, value)!;
      expect(isWithin(of, near)).toBe(true);
      if (isWithin(of, value)) expect(near).toBe(value);
    }),
  );
});

test('a bound that is left out itself is kept from by a step', () => {
  const share: FieldOf<'number'> = { kind: 'number', integer: false, exclusiveMinimum: 0, exclusiveMaximum: 1 };
  expect([nearestWithin(share, 0), nearestWithin(share, 1), nearestWithin(share, 7)]).toEqual([0.01, 0.99, 0.99]);
  expect(nearestWithin({ ...share, exclusiveMaximum: 0.01 }, 5)).toBe(0.005);
  expect(nearestWithin({ kind: 'number', integer: true, exclusiveMinimum: 0, exclusiveMaximum: 5 }, 9)).toBe(4);
  expect(nearestWithin(share, Number.NaN)).toBeNull();
});
