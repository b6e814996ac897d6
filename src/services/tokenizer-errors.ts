/** The tokenizer's narrow errors as problems. */
import { ApiError } from '../contract/index.ts';
import { TokenizerError } from '../engine/text/tokenizer.ts';
import { fromEngine } from './engine-errors.ts';

/** @throws ApiError validation_failed for a padding that can't be made, tokenizer_invalid for what is wrong with tokenizer or template */
export function inTokenizer<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TokenizerError)) throw fromEngine(error);
    const { part, reason, message } = error;
    if (part === 'padding') throw new ApiError('validation_failed', message, [{ path: '/padding', message: reason }], { cause: error });
    throw new ApiError('tokenizer_invalid', message, [{ path: part, message: reason }], { cause: error });
  }
}
