/** The models that look words up: WordPiece (BERT), which takes the longest known beginning again and again, and WordLevel. */
import { TokenizerError } from './tokenizer-error.ts';
import type { JsonPart } from './json-part.ts';
import { addPiece, type Model, noPieces, type Pieces } from './pieces.ts';
import { UnknownToken } from './unknown-token.ts';
import { readVocabulary } from './vocabulary.ts';

const MAX_WORD = 1000;

export class WordPiece implements Model {
  readonly type = 'WordPiece';
  readonly vocabulary: Map<string, number>;
  readonly #unknown: UnknownToken;
  readonly #prefix: string;
  readonly #maxCharacters: number;

  constructor(model: JsonPart) {
    this.vocabulary = readVocabulary(model);
    this.#unknown = new UnknownToken(model, '[UNK]', this.vocabulary);
    this.#prefix = model.text('continuing_subword_prefix', '##');
    this.#maxCharacters = model.count('max_input_chars_per_word', 100);
    // Each part of a word is tried in each length.
    if (this.#maxCharacters > MAX_WORD)
      throw new TokenizerError(model.at('max_input_chars_per_word'), `must be at most ${MAX_WORD}, and is ${this.#maxCharacters}.`);
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(word: string): Pieces {
    const characters = word.length > this.#maxCharacters ? [...word] : null;
    if (characters && characters.length > this.#maxCharacters) return whole(word, this.#unknown.id(word));
    const pieces = noPieces();
    for (let start = 0; start < word.length;) {
      let end = word.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.vocabulary.get((start > 0 ? this.#prefix : '') + word.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) return whole(word, this.#unknown.id(word));
      addPiece(pieces, id, start, end);
      start = end;
    }
    return pieces;
  }
}

export class WordLevel implements Model {
  readonly type = 'WordLevel';
  readonly vocabulary: Map<string, number>;
  readonly #unknown: UnknownToken;

  constructor(model: JsonPart) {
    this.vocabulary = readVocabulary(model);
    this.#unknown = new UnknownToken(model, '<unk>', this.vocabulary);
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(word: string): Pieces {
    const id = this.vocabulary.get(word);
    return whole(word, id ?? this.#unknown.id(word));
  }
}

const whole = (word: string, id: number): Pieces => ({ ids: [id], starts: [0], ends: [word.length] });
