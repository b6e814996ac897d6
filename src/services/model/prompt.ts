/** From `prompt`, `input_ids` or `messages` to the ids that the model sees. */
import { ApiError, contract, invalidInput, type ParsedInput } from '../../contract/index.ts';
import { assertRules } from '../../contract/rules.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import { chatFieldsGiven, renderChat } from '../chat-options.ts';
import { inTokenizer } from '../tokenizer-errors.ts';

type Request = ParsedInput<'model', 'generate'>;
const SOURCES = ['prompt', 'input_ids', 'messages'] as const;

/** @throws ApiError validation_failed unless exactly one of the three is given and it is not empty, tokenizer_invalid when the template fails */
export function promptIds(request: Request, tokenizer: Tokenizer): number[] {
  assertRules(contract.model.endpoints.generate.input, request);
  const given = SOURCES.find((name) => request[name] !== undefined)!;
  checkFieldsFit(request, given);
  const ids = inTokenizer(() => idsOf(request, tokenizer));
  if (ids.length === 0)
    throw invalidInput([{ path: `/${given}`, message: 'must give at least one token; it gives none, and the tokenizer adds none.' }]);
  return ids;
}

function idsOf(request: Request, tokenizer: Tokenizer): number[] {
  const { prompt, input_ids, messages } = request;
  if (input_ids) return input_ids;
  if (prompt !== undefined) return encodePrompt(tokenizer, prompt, request.add_special_tokens ?? true);
  const text = renderChat(tokenizer, messages!, request);
  return encodePrompt(tokenizer, text, request.add_special_tokens ?? false);
}

/** With the special tokens where they are asked for, except a BOS that the text begins with already. */
export function encodePrompt(tokenizer: Tokenizer, text: string, addSpecialTokens: boolean): number[] {
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
  throw invalidInput(misplaced.map((name) => ({ path: `/${name}`, message: `goes with ${partner}, not with ${source}.` })));
}

/** @throws ApiError token_out_of_range naming the id, its place and the vocabulary */
export function checkTokenIds(ids: readonly number[], vocabSize: number, path: string): void {
  const index = ids.findIndex((id) => id >= vocabSize);
  if (index < 0) return;
  const detail = `Token id ${ids[index]} at ${path}/${index} is outside the model's vocabulary of ${vocabSize} (ids 0 to ${vocabSize - 1}).`;
  throw new ApiError('token_out_of_range', detail, [
    { path: `${path}/${index}`, message: `must be at most ${vocabSize - 1}; it is ${ids[index]}.` },
  ]);
}
