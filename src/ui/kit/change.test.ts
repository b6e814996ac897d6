/** A change is written with one sign, and none where it rounds to nothing. */
import { expect, it } from 'vitest';
import { signedPercent } from './change.tsx';

it('writes the direction as a sign, once', () => {
  expect([-0.028, 0.0312, 1.5, 0.0004, -0.0004, 0].map((share) => signedPercent(share))).toEqual([
    '−2.8 %',
    '+3.1 %',
    '+150.0 %',
    '0 %',
    '0 %',
    '0 %',
  ]);
  expect(signedPercent(-0.016, 0)).toBe('−2 %');
});
