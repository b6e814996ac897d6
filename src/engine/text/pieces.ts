/** What a model makes of one word: the shape that every model gives and the tokenizer reads. */

/** Parallel lists. Ranges are code units of the word; tokens that share a character each have all of it. */
export interface Pieces {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
}

/** The algorithm that turns a word into tokens of a vocabulary. */
export interface Model {
  /** As in tokenizer.json: `BPE`, `WordPiece`, … */
  readonly type: string;
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Entries of the vocabulary, equal ones too: the first id of an added token. */
  readonly size: number;
  /** @param word not empty */
  tokenize(word: string): Pieces;
}

export const noPieces = (): Pieces => ({ ids: [], starts: [], ends: [] });

export function addPiece(pieces: Pieces, id: number, start: number, end: number): void {
  pieces.ids.push(id);
  pieces.starts.push(start);
  pieces.ends.push(end);
}

const utf8 = new TextEncoder();

/** The ids of the tokens `<0xE2>` … for the bytes of a text; null when the vocabulary lacks one of them. */
export function byteIds(text: string, vocabulary: ReadonlyMap<string, number>): number[] | null {
  const ids: number[] = [];
  for (const byte of utf8.encode(text)) {
    const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}
