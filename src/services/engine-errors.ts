/** The engine's narrow errors as problems. */
import { ApiError, problemAt } from '../contract/index.ts';
import {
  ConfigConflictError,
  DuplicateAllocationError,
  DuplicateGenerationError,
  EngineFailedError,
  GenerationFinishedError,
  InfeasibleRequestError,
  NotFiniteError,
  OutOfBlocksError,
  PatchedCodeError,
  QueueFullError,
  UnknownAllocationError,
  UnknownGenerationError,
} from '../engine/index.ts';
import { GraphError } from '../engine/graph/index.ts';

const INFEASIBLE = {
  empty_prompt: 'validation_failed',
  token_out_of_range: 'token_out_of_range',
  context_exceeded: 'context_exceeded',
  out_of_blocks: 'out_of_blocks',
  invalid_parameter: 'validation_failed',
} as const;

const CONFLICTS = [DuplicateAllocationError, DuplicateGenerationError, GenerationFinishedError];

/** @param paths where the input has a field of the configuration, by the engine's name */
export function fromEngine(error: unknown, paths: Partial<Record<string, string>> = {}): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ConfigConflictError) {
    const known = paths[error.field];
    const path = known === undefined || error.part === null ? known : `${known}/${error.part}`;
    return path === undefined
      ? new ApiError('conflict', error.message, [], { cause: error })
      : problemAt('conflict', [{ path, message: error.reason }]);
  }
  const problem = (code: ConstructorParameters<typeof ApiError>[0], message: string) => new ApiError(code, message, [], { cause: error });
  if (error instanceof InfeasibleRequestError) return problem(INFEASIBLE[error.reason], error.message);
  if (error instanceof QueueFullError) return problem('queue_full', `${error.message} Send it again when some have ended.`);
  if (error instanceof OutOfBlocksError) return problem('out_of_blocks', error.message);
  if (error instanceof UnknownGenerationError || error instanceof UnknownAllocationError) return problem('not_found', error.message);
  if (CONFLICTS.some((Conflict) => error instanceof Conflict)) return problem('conflict', (error as Error).message);
  if (error instanceof EngineFailedError)
    return problem('model_not_loaded', `${error.message} Load the weights again with PUT /model/weights.`);
  if (error instanceof NotFiniteError) return problem('not_finite', error.message);
  // The built-in fragments are known to build.
  if (error instanceof GraphError) return problem('code_invalid', error.message);
  if (error instanceof PatchedCodeError) return problem('code_invalid', error.message);
  return ApiError.from(error);
}
