/** Byte-pair encoding: the pair of neighbours whose merge was learned first is joined first (Sennrich et al., 2016). */
import type { JsonPart } from './json-part.ts';
import { NumberQueue } from './number-queue.ts';
import { addPiece, byteIds, type Model, noPieces, type Pieces } from './pieces.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { UnknownToken } from './unknown-token.ts';
import { readMerges, readVocabulary } from './vocabulary.ts';

/** Symbols up to which looking at every pair beats a queue. */
const SHORT_WORD = 48;
/** An entry of the queue is rank × POSITIONS + position: the order of the numbers is the order of the merges. */
const POSITIONS = 2 ** 28;

export class Bpe implements Model {
  readonly type = 'BPE';
  readonly vocabulary: Map<string, number>;
  /** Rank of a merge by left × #stride + right. */
  readonly #ranks = new Map<number, number>();
  /** What a merge makes, by rank. */
  readonly #merged: number[] = [];
  readonly #stride: number;
  readonly #unknown: UnknownToken;
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #fuseUnknown: boolean;
  readonly #byteFallback: boolean;
  readonly #ignoreMerges: boolean;

  constructor(model: JsonPart) {
    this.vocabulary = readVocabulary(model);
    let highest = 0;
    for (const id of this.vocabulary.values()) highest = Math.max(highest, id);
    this.#stride = highest + 1;
    this.#prefix = model.optionalText('continuing_subword_prefix') ?? '';
    this.#suffix = model.optionalText('end_of_word_suffix') ?? '';
    this.#fuseUnknown = model.flag('fuse_unk', false);
    this.#byteFallback = model.flag('byte_fallback', false);
    this.#ignoreMerges = model.flag('ignore_merges', false);
    this.#unknown = new UnknownToken(model, null, this.vocabulary);
    // Dropout leaves merges out by chance, so that a text has other tokens each time.
    if (model.number('dropout', 0) > 0)
      throw new TokenizerError(model.at('dropout'), 'must be 0 or null: merges are never left out by chance.');

    readMerges(model).forEach(([left, right], rank) => {
      const path = () => `${model.at('merges')}[${rank}]`;
      const key = this.#idOf(left, path) * this.#stride + this.#idOf(right, path);
      this.#ranks.set(key, rank);
      this.#merged.push(this.#idOf(left + right.slice(this.#prefix.length), path));
    });
  }

  get size(): number {
    return this.vocabulary.size;
  }

  tokenize(word: string): Pieces {
    const whole = this.#ignoreMerges ? this.vocabulary.get(word) : undefined;
    if (whole !== undefined) return { ids: [whole], starts: [0], ends: [word.length] };
    const pieces = this.#characters(word);
    return pieces.ids.length <= SHORT_WORD ? this.#mergeShort(pieces) : this.#mergeLong(pieces);
  }

  /** One symbol a character; what the vocabulary lacks becomes bytes or the unknown token. */
  #characters(word: string): Pieces {
    const pieces = noPieces();
    let start = 0;
    let lastIsUnknown = false;
    for (const character of word) {
      const end = start + character.length;
      const symbol = (start > 0 ? this.#prefix : '') + character + (end === word.length ? this.#suffix : '');
      const id = this.vocabulary.get(symbol);
      const bytes = id === undefined && this.#byteFallback ? byteIds(symbol, this.vocabulary) : null;
      const unknown = id === undefined && bytes === null;
      if (id !== undefined) addPiece(pieces, id, start, end);
      bytes?.forEach((byte) => addPiece(pieces, byte, start, end));
      // Without an unknown token what is not known vanishes.
      if (unknown && this.#unknown.isNamed) {
        if (lastIsUnknown && this.#fuseUnknown) pieces.ends[pieces.ends.length - 1] = end;
        else addPiece(pieces, this.#unknown.id(character), start, end);
      }
      lastIsUnknown = unknown;
      start = end;
    }
    return pieces;
  }

  /** Merges the best of all pairs until none is left. */
  #mergeShort(symbols: Pieces): Pieces {
    const { ids, starts, ends } = symbols;
    const rankAt = (left: number): number => this.#ranks.get(ids[left]! * this.#stride + ids[left + 1]!) ?? Infinity;
    const ranks: number[] = [];
    for (let left = 0; left < ids.length - 1; left++) ranks.push(rankAt(left));
    for (;;) {
      let best = 0;
      for (let left = 1; left < ranks.length; left++) if (ranks[left]! < ranks[best]!) best = left;
      const rank = ranks[best] ?? Infinity;
      if (rank === Infinity) return symbols;
      ids[best] = this.#merged[rank]!;
      ends[best] = ends[best + 1]!;
      ids.splice(best + 1, 1);
      starts.splice(best + 1, 1);
      ends.splice(best + 1, 1);
      ranks.splice(best, 1);
      if (best > 0) ranks[best - 1] = rankAt(best - 1);
      if (best < ranks.length) ranks[best] = rankAt(best);
    }
  }

  /** A linked list of symbols, and a queue of the pairs that may merge. */
  #mergeLong(symbols: Pieces): Pieces {
    const { ids, starts, ends } = symbols;
    const count = ids.length;
    const previous = new Int32Array(count);
    const next = new Int32Array(count);
    for (let index = 0; index < count; index++) {
      previous[index] = index - 1;
      next[index] = index + 1 < count ? index + 1 : -1;
    }
    const gone = new Uint8Array(count);
    const queue = new NumberQueue();
    const rankAt = (left: number): number | undefined => {
      const right = next[left]!;
      return right < 0 ? undefined : this.#ranks.get(ids[left]! * this.#stride + ids[right]!);
    };
    const enqueue = (left: number) => {
      const rank = left < 0 ? undefined : rankAt(left);
      if (rank !== undefined) queue.push(rank * POSITIONS + left);
    };
    for (let index = 0; index < count - 1; index++) enqueue(index);

    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const left = entry % POSITIONS;
      if (gone[left] === 1) continue;
      const rank = rankAt(left);
      const merged = this.#merged[(entry - left) / POSITIONS]!;
      // The pair may have changed since it was queued.
      if (rank === undefined || this.#merged[rank] !== merged) continue;
      const right = next[left]!;
      ids[left] = merged;
      ends[left] = ends[right]!;
      gone[right] = 1;
      next[left] = next[right]!;
      if (next[left]! >= 0) previous[next[left]!] = left;
      enqueue(previous[left]!);
      enqueue(left);
    }

    const pieces = noPieces();
    for (let index = 0; index >= 0; index = next[index]!) addPiece(pieces, ids[index]!, starts[index]!, ends[index]!);
    return pieces;
  }

  #idOf(token: string, path: () => string): number {
    const id = this.vocabulary.get(token);
    if (id === undefined) throw new TokenizerError(path(), `the token ${JSON.stringify(token)} is not in the vocabulary.`);
    return id;
  }
}
