/** From `prompt`, `input_ids` or `messages` to the ids that the model sees. */
import { ApiError, type ParsedInput } from '../../contract/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { inTokenizer } from '../tokenizer-errors.ts';

type Request = ParsedInput<'model', 'generate'>;
const SOURCES = ['prompt', 'input_ids', 'messages'] as const;

/** @throws ApiError validation_failed unless exactly one of the three is given and it is not empty, tokenizer_invalid when the template fails */
export function promptIds(request: Request, tokenizer: Tokenizer): number[] {
  const given = SOURCES.filter((name) => request[name] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none of them' : given.join(' and ');
    throw new ApiError(
      'validation_failed',
      `Give exactly one of prompt, input_ids and messages; got ${found}.`,
      (given.length === 0 ? SOURCES : given).map((name) => ({ path: `/${name}`, message: 'exactly one of the three is taken.' })),
    );
  }
  const ids = inTokenizer(() => idsOf(request, tokenizer));
  if (ids.length === 0)
    throw new ApiError('validation_failed', `The ${given[0]} gives no token, and the tokenizer adds none; give at least one token.`, [
      { path: `/${given[0]}`, message: 'gives no token.' },
    ]);
  return ids;
}

function idsOf({ prompt, input_ids, messages }: Request, tokenizer: Tokenizer): number[] {
  if (input_ids) return input_ids;
  if (prompt !== undefined) return tokenizer.encode(prompt, { addSpecialTokens: true }).ids;
  // The template writes the special tokens itself.
  const text = tokenizer.applyChatTemplate(messages!, { addGenerationPrompt: true });
  return tokenizer.encode(text, { addSpecialTokens: false }).ids;
}

/** @throws ApiError token_out_of_range naming the id, its place and the vocabulary */
export function checkTokenIds(ids: readonly number[], vocabSize: number, path: string): void {
  const index = ids.findIndex((id) => id >= vocabSize);
  if (index < 0) return;
  const detail = `Token id ${ids[index]} at ${path}/${index} is outside the model's vocabulary of ${vocabSize} (ids 0 to ${vocabSize - 1}).`;
  throw new ApiError('token_out_of_range', detail, [
    { path: `${path}/${index}`, message: `must be at most ${vocabSize - 1}; got ${ids[index]}.` },
  ]);
}
