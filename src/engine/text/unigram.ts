/** Unigram: the segmentation of a word whose pieces' log-probabilities sum highest (Kudo, 2018). */
import type { JsonPart } from './json-part.ts';
import { addPiece, byteIds, type Model, noPieces, type Pieces } from './pieces.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { Trie } from './trie.ts';
import { readScoredVocabulary } from './vocabulary.ts';

/** How much less likely than the rarest piece an unknown character is. */
const UNKNOWN_PENALTY = 10;
const UNKNOWN = -1;

export class Unigram implements Model {
  readonly type = 'Unigram';
  readonly vocabulary = new Map<string, number>();
  readonly #scores: Float64Array;
  readonly #trie: Trie;
  readonly #unknownScore: number;
  readonly #unknownId: number | null;
  readonly #byteFallback: boolean;

  constructor(model: JsonPart) {
    const entries = readScoredVocabulary(model);
    entries.forEach(({ piece }, id) => this.vocabulary.set(piece, id));
    this.#scores = Float64Array.from(entries, ({ score }) => score);
    this.#trie = new Trie(entries.map(({ piece }) => piece));
    this.#unknownScore = this.#scores.reduce((lowest, score) => Math.min(lowest, score), Infinity) - UNKNOWN_PENALTY;
    this.#byteFallback = model.flag('byte_fallback', false);
    this.#unknownId = model.get('unk_id') === null ? null : model.count('unk_id');
    if (this.#unknownId !== null && this.#unknownId >= entries.length) {
      throw new TokenizerError(model.at('unk_id'), `is ${this.#unknownId}, and the vocabulary has ${entries.length} pieces.`);
    }
  }

  get size(): number {
    return this.#scores.length;
  }

  tokenize(word: string): Pieces {
    const { begins, ids } = this.#bestPath(word);
    // Read from the end; unknown characters that follow each other are one piece.
    const cuts: { start: number; end: number; id: number }[] = [];
    for (let end = word.length; end > 0;) {
      const start = begins[end]!;
      const id = ids[end]!;
      const later = cuts.at(-1);
      if (id === UNKNOWN && later?.id === UNKNOWN) later.start = start;
      else cuts.push({ start, end, id });
      end = start;
    }
    const pieces = noPieces();
    for (const { start, end, id } of cuts.toReversed()) this.#add(pieces, word.slice(start, end), id, start, end);
    return pieces;
  }

  /** Viterbi: for each position, where the best piece that ends there begins, and its id. */
  #bestPath(word: string): { begins: Int32Array; ids: Int32Array } {
    const begins = new Int32Array(word.length + 1).fill(-1);
    const ids = new Int32Array(word.length + 1);
    const scores = new Float64Array(word.length + 1);
    for (let start = 0; start < word.length;) {
      const width = word.codePointAt(start)! > 0xffff ? 2 : 1;
      let single = false;
      const offer = (id: number, end: number, ownScore: number) => {
        const score = ownScore + scores[start]!;
        if (begins[end] !== -1 && score <= scores[end]!) return;
        if (id === UNKNOWN && this.#unknownId === null) throw this.#missing(word.slice(start, end));
        begins[end] = start;
        ids[end] = id;
        scores[end] = score;
      };
      this.#trie.match(word, start, (id, end) => {
        offer(id === this.#unknownId ? UNKNOWN : id, end, this.#scores[id]!);
        if (end === start + width) single = true;
      });
      if (!single) offer(UNKNOWN, start + width, this.#unknownScore);
      start += width;
    }
    return { begins, ids };
  }

  #add(pieces: Pieces, piece: string, id: number, start: number, end: number): void {
    // Unknown characters together may be a known piece after all.
    const known = id === UNKNOWN ? this.vocabulary.get(piece) : id;
    if (known !== undefined) {
      addPiece(pieces, known, start, end);
      return;
    }
    const bytes = this.#byteFallback ? byteIds(piece, this.vocabulary) : null;
    if (bytes) bytes.forEach((byte) => addPiece(pieces, byte, start, end));
    else addPiece(pieces, this.#unknownId!, start, end);
  }

  #missing(piece: string): TokenizerError {
    return new TokenizerError('model.unk_id', `is missing, and ${JSON.stringify(piece)} is not in the vocabulary.`);
  }
}
