/** Reads the vocabularies of tokenizer.json, which come from anywhere, with a check of every entry. */
import { type JsonPart, kindOf } from './json-part.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** Ids index arrays; no real vocabulary is near this. */
const HIGHEST_ID = 16_777_215;

/** `{ token: id }`, as BPE, WordPiece and WordLevel have it. */
export function readVocabulary(model: JsonPart): Map<string, number> {
  const part = model.part('vocab');
  if (!part) throw new TokenizerError(model.at('vocab'), 'is missing; expected an object of tokens and their ids.');
  const vocabulary = new Map<string, number>();
  const tokens = new Map<number, string>();
  const path = (token: string) => `${part.path}[${JSON.stringify(token)}]`;
  for (const [token, id] of part.entries()) {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) > HIGHEST_ID) {
      throw new TokenizerError(path(token), `an id must be an integer from 0 to ${HIGHEST_ID}, and is ${kindOf(id)}.`);
    }
    const other = tokens.get(id as number);
    if (other !== undefined) throw new TokenizerError(path(token), `the id ${String(id)} is also that of ${JSON.stringify(other)}.`);
    tokens.set(id as number, token);
    vocabulary.set(token, id as number);
  }
  return vocabulary;
}

/** `[piece, score]` pairs, as Unigram has them; the id is the place in the list. */
export function readScoredVocabulary(model: JsonPart): { piece: string; score: number }[] {
  const entries = model.list('vocab').map((entry, id) => {
    const [piece, score] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof piece !== 'string' || typeof score !== 'number') {
      throw new TokenizerError(`${model.at('vocab')}[${id}]`, `must be a pair of a piece and its score, and is ${kindOf(entry)}.`);
    }
    return { piece, score };
  });
  if (entries.length === 0) throw new TokenizerError(model.at('vocab'), 'is empty.');
  return entries;
}

/** Pairs of tokens, or in older files strings with one space between the two, perhaps after a line with their version. */
export function readMerges(model: JsonPart): [string, string][] {
  return model.list('merges').flatMap((entry, index): [string, string][] => {
    if (typeof entry === 'string' && entry.startsWith('#version')) return [];
    const pair: unknown[] = typeof entry === 'string' ? entry.split(' ') : Array.isArray(entry) ? entry : [];
    const [left, right] = pair;
    if (pair.length !== 2 || typeof left !== 'string' || typeof right !== 'string') {
      throw new TokenizerError(`${model.at('merges')}[${index}]`, `must be a pair of tokens, and is ${kindOf(entry)}.`);
    }
    return [[left, right]];
  });
}
