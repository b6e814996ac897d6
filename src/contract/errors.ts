/** Every way a call can fail, once: code, HTTP status and title; `ApiError` is the only error type that crosses a border. */
import { z } from 'zod';
import { boundedText } from '../environment/bounded-text.ts';
import { messageOf } from '../environment/thrown.ts';

/** Codes with their HTTP status and the short title that stays the same for every occurrence (RFC 9457). */
export const ERRORS = {
  malformed_json: { status: 400, title: 'Malformed JSON' },
  unauthenticated: { status: 401, title: 'No valid token' },
  insufficient_scope: { status: 403, title: 'The scope is missing' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  payload_too_large: { status: 413, title: 'Payload too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  validation_failed: { status: 422, title: 'Input does not fit the schema' },
  token_out_of_range: { status: 422, title: 'Token id outside the vocabulary' },
  context_exceeded: { status: 422, title: 'Input longer than the context' },
  weights_invalid: { status: 422, title: 'Weights rejected' },
  tokenizer_invalid: { status: 422, title: 'Tokenizer rejected' },
  code_invalid: { status: 422, title: 'Code rejected' },
  not_finite: { status: 422, title: 'A result is not finite' },
  model_not_loaded: { status: 424, title: 'No model is loaded' },
  queue_full: { status: 429, title: 'Queue full' },
  cancelled: { status: 499, title: 'Cancelled' },
  internal: { status: 500, title: 'Internal error' },
  upstream_failed: { status: 502, title: 'A file could not be fetched' },
  out_of_blocks: { status: 507, title: 'Out of KV blocks' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** One thing that is wrong, and where: `path` is a JSON Pointer into the input, or a place in a file. */
export interface ErrorItem {
  path: string;
  message: string;
}

export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'A URI reference that names the kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What was wrong here, what was expected, and what to do.' }),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

export type Problem = z.infer<typeof problemSchema>;

/** Characters of a detail, of a message and of a place: inputs are quoted in them, and may be of any length. */
const MOST = 4000;

/** Room for what is said of the cut: a text that was cut already, and crosses the next border, stays as it is. */
const bounded = (text: string): string => (text.length <= MOST + 100 ? text : boundedText(text, MOST));
const boundedItem = ({ path, message }: ErrorItem): ErrorItem => ({ path: bounded(path), message: bounded(message) });

/**
 * The error that crosses borders.
 * @example throw new ApiError('not_found', `No tokenization "${id}" is kept; tokenize the text again.`)
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly errors: readonly ErrorItem[];

  constructor(
    readonly code: ErrorCode,
    detail: string,
    errors: readonly ErrorItem[] = [],
    options?: ErrorOptions,
  ) {
    super(bounded(detail), options);
    this.errors = errors.map(boundedItem);
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  toProblem(requestId: string): Problem {
    const { status, title } = ERRORS[this.code];
    return {
      type: `urn:glassbox:problem:${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      request_id: requestId,
      errors: [...this.errors],
    };
  }

  static fromProblem(problem: Problem): ApiError {
    return new ApiError(problem.code, problem.detail, problem.errors);
  }

  /** What any thrown value becomes at the border; an unknown one is `internal` and its stack stays inside. */
  static from(thrown: unknown): ApiError {
    if (is(thrown, ApiError)) return thrown;
    if (is(thrown, DOMException) && thrown.name === 'AbortError') {
      return new ApiError('cancelled', 'The caller cancelled the request.', [], { cause: thrown });
    }
    return new ApiError('internal', `Unexpected failure: ${messageOf(thrown)}`, [], { cause: thrown });
  }
}

/** `instanceof`, of anything: a proxy may throw at the question. */
function is<T>(thrown: unknown, type: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    return false;
  }
}
