/** From `prompt`, `input_ids` or `messages` to the ids that the model sees. */
import { ApiError, type ParsedInput } from '../../contract/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { chatFieldsGiven, chatOptions } from '../chat-options.ts';
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
  checkFieldsFit(request, given[0]!);
  const ids = inTokenizer(() => idsOf(request, tokenizer));
  if (ids.length === 0)
    throw new ApiError('validation_failed', `The ${given[0]} gives no token, and the tokenizer adds none; give at least one token.`, [
      { path: `/${given[0]}`, message: 'gives no token.' },
    ]);
  return ids;
}

function idsOf(request: Request, tokenizer: Tokenizer): number[] {
  const { prompt, input_ids, messages } = request;
  if (input_ids) return input_ids;
  if (prompt !== undefined) return encodeOnce(tokenizer, prompt, request.add_special_tokens ?? true);
  const text = tokenizer.applyChatTemplate(messages!, chatOptions(request));
  return encodeOnce(tokenizer, text, request.add_special_tokens ?? false);
}

/** With the special tokens where they are asked for, except a BOS that the text begins with already. */
function encodeOnce(tokenizer: Tokenizer, text: string, addSpecialTokens: boolean): number[] {
  const { ids } = tokenizer.encode(text, { addSpecialTokens });
  if (!addSpecialTokens || ids[0] === undefined || ids[0] !== ids[1] || !tokenizer.isSpecial(ids[0])) return ids;
  const own = tokenizer.encode(text, { addSpecialTokens: false }).ids;
  return own.every((id, index) => id === ids[index + 1]) ? ids.slice(1) : ids;
}

/** Fields that go with some of the sources only; given with another, they would be ignored in silence. */
function checkFieldsFit(request: Request, source: (typeof SOURCES)[number]): void {
  const misplaced = [
    ...(source === 'messages' ? [] : chatFieldsGiven(request)),
    ...(source === 'input_ids' && request.add_special_tokens ? ['add_special_tokens'] : []),
  ];
  if (misplaced.length === 0) return;
  const partner = misplaced[0] === 'add_special_tokens' ? 'a prompt or messages' : 'messages';
  throw new ApiError(
    'validation_failed',
    `With ${source} there is no use for ${misplaced.join(', ')}: leave it out, or give ${partner}.`,
    misplaced.map((name) => ({ path: `/${name}`, message: `goes with ${partner}, not with ${source}.` })),
  );
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
