/** Nothing of a problem is said twice, and nothing is lost. */
import { expect, it } from 'vitest';
import { parseInput, contract, ApiError } from '../../../contract/index.ts';
import { faultSentence, problemParts } from './problem-parts.ts';

it('says an invalid input by its faults alone, each a sentence', () => {
  let error: ApiError | undefined;
  try {
    parseInput(contract.model.endpoints.generate.input, { prompt: 'Hi', max_new_tokens: -5 });
  } catch (thrown) {
    error = ApiError.from(thrown);
  }
  const { text, items } = problemParts({ code: error!.code, text: error!.message, errors: error!.errors });
  expect(text).toBeNull();
  expect(items.map(faultSentence)).toEqual(['max_new_tokens must be at least 1; it is −5.']);
});

it('leaves out items that the text says already', () => {
  const told = {
    code: 'weights_invalid' as const,
    text: 'model.safetensors: the header is cut.',
    errors: [{ path: 'model.safetensors', message: 'the header is cut.' }],
  };
  expect(problemParts(told)).toEqual({ text: told.text, items: [] });
  const more = { ...told, errors: [{ path: 'config.json', message: 'has no vocab_size.' }] };
  expect(problemParts(more).items).toEqual(more.errors);
});
