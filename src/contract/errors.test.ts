/** What an error quotes may be of any length; the error is not. */
import { expect, test } from 'vitest';
import { ApiError } from './errors.ts';

test('an error that quotes a long input is bounded in every part, and says how much was cut', () => {
  const long = 'x'.repeat(100_000);
  const problem = new ApiError('not_found', `No plan has the id "${long}".`, [{ path: `/${long}`, message: long }]).toProblem('r');
  expect(JSON.stringify(problem).length).toBeLessThan(13_000);
  expect(problem.detail).toMatch(/^No plan has the id "x+… \(cut: 96022 more characters\)$/);
  expect(ApiError.fromProblem(problem).toProblem('r'), 'once cut it stays as it is').toEqual(problem);
});
