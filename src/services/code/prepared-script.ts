/** A script that is ready to run, in whichever language, and how its failure is told. */
import { ApiError, type ErrorItem } from '../../contract/index.ts';
import { atPosition, type Position } from './syntax.ts';

export interface PreparedScript {
  run(): Promise<unknown>;
  /** What `run` threw, as the problem of the script. */
  explain(error: unknown): ApiError;
}

/** What a service found wrong with its input belongs to the line that called it. */
export function failedScript(problem: ApiError, position: Position | null, errors: readonly ErrorItem[]): ApiError {
  if (errors.length === 0) return problem;
  const where = position ? `${atPosition(position)}: ` : '';
  const details = errors.map(({ path, message }): ErrorItem => ({ path: `${where}${path}`, message }));
  return new ApiError(problem.code, problem.message, [...problem.errors, ...details], { cause: problem.cause });
}
