/** What is wrong with a patch, from a refused PUT or a test, as one list with places. */
import { ApiError } from '../../contract/index.ts';
import type { Report } from '../kit/code/resource-queries.ts';

export interface PatchProblem {
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** Null where there is no place, such as a time limit. */
  place: { line: number; column: number } | null;
}

/** `source:line:column` or `…/source:line:column`; the column may be missing. */
const PLACE = /:(\d+)(?::(\d+))?$/;

/** Of a PUT that was refused because of its code; other errors are no problem of the source. */
export function problemsOfError(error: unknown): PatchProblem[] {
  const problem = ApiError.from(error);
  if (problem.code !== 'code_invalid') return [];
  if (problem.errors.length === 0) return [{ severity: 'error', message: problem.message, place: null }];
  return problem.errors.map(({ path, message }) => {
    const [, line, column] = PLACE.exec(path) ?? [];
    return { severity: 'error', message, place: line === undefined ? null : { line: Number(line), column: Number(column ?? 1) } };
  });
}

export const problemsOfReport = ({ diagnostics }: Pick<Report, 'diagnostics'>): PatchProblem[] =>
  diagnostics.map(({ severity, message, line, column, code }) => ({
    severity,
    message: code === null ? message : `${message} (${code})`,
    place: line === null ? null : { line, column: column ?? 1 },
  }));
