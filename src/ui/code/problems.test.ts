/** Problems keep their places whichever way they come. */
import { expect, test } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import { problemsOfError, problemsOfReport } from './problems.ts';

test('of a refused patch', () => {
  const error = new ApiError('code_invalid', 'It does not compile.', [
    { path: 'source:3:14', message: 'Unexpected token.' },
    { path: '/source:7', message: 'No such name.' },
    { path: 'source', message: 'It took too long.' },
  ]);
  expect(problemsOfError(error).map(({ place }) => place)).toEqual([{ line: 3, column: 14 }, { line: 7, column: 1 }, null]);
});

test('without a list the detail is the problem', () => {
  expect(problemsOfError(new ApiError('code_invalid', 'No default export.'))).toEqual([
    { severity: 'error', message: 'No default export.', place: null },
  ]);
});

test('a conflict is no problem of the source', () => expect(problemsOfError(new ApiError('conflict', 'Another revision.'))).toEqual([]));

test('of a test', () => {
  const diagnostic = {
    severity: 'warning',
    message: 'Unused.',
    line: 2,
    column: null,
    end_line: null,
    end_column: null,
    code: 'TS6133',
  } as const;
  expect(problemsOfReport({ diagnostics: [diagnostic] })).toEqual([
    { severity: 'warning', message: 'Unused. (TS6133)', place: { line: 2, column: 1 } },
  ]);
});
