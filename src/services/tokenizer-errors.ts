/** The tokenizer's narrow errors as problems. */
import { ApiError } from '../contract/index.ts';
import { TokenizerError } from '../engine/text/tokenizer.ts';
import { fromEngine } from './engine-errors.ts';

/** Parts that are fields of the request. */
const FIELDS = ['padding', 'continue_final_message'];

/** @throws ApiError validation_failed for a padding that can't be made or a message that can't be gone on with, tokenizer_invalid for what is wrong with tokenizer or template */
export function inTokenizer<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TokenizerError)) throw fromEngine(error);
    const { part, reason, message } = error;
    if (FIELDS.includes(part)) throw new ApiError('validation_failed', message, [{ path: `/${part}`, message: reason }], { cause: error });
    throw new ApiError('tokenizer_invalid', message, [{ path: part, message: reason }], { cause: error });
  }
}
