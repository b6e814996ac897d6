/** The models that look words up: WordPiece (BERT), which takes the longest known beginning again and again, and WordLevel. */
import type { JsonPart } from './json-part.ts';
import { addPiece, type Model, noPieces, type Pieces } from './pieces.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { readVocabulary } from './vocabulary.ts';

export class WordPiece implements Model {
  readonly type = 'WordPiece';
  readonly vocabulary: Map<string, number>;
  readonly #unknown: Unknown;
  readonly #prefix: string;
  readonly #maxCharacters: number;

  constructor(model: JsonPart) {
    this.vocabulary = readVocabulary(model);
    this.#unknown = new Unknown(model, '[UNK]', this.vocabulary);
    this.#prefix = model.text('continuing_subword_prefix', '##');
    this.#maxCharacters = model.count('max_input_chars_per_word', 100);
  }

  tokenize(word: string): Pieces {
    const characters = word.length > this.#maxCharacters ? [...word] : null;
    if (characters && characters.length > this.#maxCharacters) return this.#unknown.pieces(word);
    const pieces = noPieces();
    for (let start = 0; start < word.length;) {
      let end = word.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.vocabulary.get((start > 0 ? this.#prefix : '') + word.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) return this.#unknown.pieces(word);
      addPiece(pieces, id, start, end);
      start = end;
    }
    return pieces;
  }
}

export class WordLevel implements Model {
  readonly type = 'WordLevel';
  readonly vocabulary: Map<string, number>;
  readonly #unknown: Unknown;

  constructor(model: JsonPart) {
    this.vocabulary = readVocabulary(model);
    this.#unknown = new Unknown(model, '<unk>', this.vocabulary);
  }

  tokenize(word: string): Pieces {
    const id = this.vocabulary.get(word);
    return id === undefined ? this.#unknown.pieces(word) : { ids: [id], starts: [0], ends: [word.length] };
  }
}

/** The token of a whole word that is not known. */
class Unknown {
  readonly #id: number;

  constructor(model: JsonPart, fallback: string, vocabulary: ReadonlyMap<string, number>) {
    const token = model.text('unk_token', fallback);
    const id = vocabulary.get(token);
    if (id === undefined) throw new TokenizerError(model.at('unk_token'), `${JSON.stringify(token)} is not in the vocabulary.`);
    this.#id = id;
  }

  pieces(word: string): Pieces {
    return { ids: [this.#id], starts: [0], ends: [word.length] };
  }
}
