/** Makes the model that tokenizer.json names, or that its fields show in files older than the field `type`. */
import { Bpe } from './bpe.ts';
import type { JsonPart } from './json-part.ts';
import type { Model } from './pieces.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { Unigram } from './unigram.ts';
import { WordLevel, WordPiece } from './word-models.ts';

const models = { BPE: Bpe, WordPiece, Unigram, WordLevel };

export function createModel(part: JsonPart): Model {
  const type = part.optionalText('type') ?? guessType(part);
  if (!Object.hasOwn(models, type)) {
    throw new TokenizerError(part.at('type'), `unknown model type "${type}"; known are ${Object.keys(models).join(', ')}.`);
  }
  return new models[type as keyof typeof models](part);
}

function guessType(part: JsonPart): keyof typeof models {
  if (Array.isArray(part.get('vocab'))) return 'Unigram';
  if (part.get('merges') !== null) return 'BPE';
  return part.get('continuing_subword_prefix') === null ? 'WordLevel' : 'WordPiece';
}
