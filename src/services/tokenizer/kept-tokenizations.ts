/** Tokenizations that can be asked for by id later: a bounded number of them, with a bounded number of tokens. */
import { KEPT_TOKENS } from '../../contract/tokenizer.ts';
import type { Encoding, Tokenizer } from '../../engine/text/tokenizer.ts';

export interface KeptTokenization {
  /** The one that made the ids. */
  readonly tokenizer: Tokenizer;
  /** Of each text, without padding. */
  readonly ids: readonly number[][];
  readonly isBatch: boolean;
}

interface Stored {
  readonly tokenizer: Tokenizer;
  readonly rows: readonly Uint32Array[];
  readonly isBatch: boolean;
  readonly tokens: number;
}

/** What was used least recently goes first. The same ids of the same tokenizer have the same id. */
export class KeptTokenizations {
  /** In the order of use. */
  readonly #stored = new Map<string, Stored>();
  readonly #tokenizers = new WeakMap<Tokenizer, number>();
  #tokenizerCount = 0;
  #tokens = 0;

  constructor(
    private readonly limit: number,
    private readonly tokenLimit = KEPT_TOKENS,
  ) {}

  get size(): number {
    return this.#stored.size;
  }

  /** Gives the id. */
  keep(tokenizer: Tokenizer, encodings: readonly Encoding[], isBatch: boolean): string {
    const rows = encodings.map(({ ids, attentionMask }) => Uint32Array.from(ids.filter((_, index) => attentionMask[index] === 1)));
    const id = `tok_${fingerprint(rows, this.#numberOf(tokenizer), isBatch)}`;
    this.#drop(id);
    const tokens = rows.reduce((sum, { length }) => sum + length, 0);
    this.#stored.set(id, { tokenizer, rows, isBatch, tokens });
    this.#tokens += tokens;
    for (const oldest of this.#stored.keys()) {
      if (oldest === id || (this.size <= this.limit && this.#tokens <= this.tokenLimit)) break;
      this.#drop(oldest);
    }
    return id;
  }

  get(id: string): KeptTokenization | undefined {
    const stored = this.#stored.get(id);
    if (!stored) return undefined;
    this.#stored.delete(id);
    this.#stored.set(id, stored);
    return { tokenizer: stored.tokenizer, ids: stored.rows.map((row) => Array.from(row)), isBatch: stored.isBatch };
  }

  #drop(id: string): void {
    this.#tokens -= this.#stored.get(id)?.tokens ?? 0;
    this.#stored.delete(id);
  }

  #numberOf(tokenizer: Tokenizer): number {
    let number = this.#tokenizers.get(tokenizer);
    if (number === undefined) {
      number = this.#tokenizerCount++;
      this.#tokenizers.set(tokenizer, number);
    }
    return number;
  }
}

/** Two independent 32-bit hashes (murmur's mixing) of everything that tells one tokenization from another, in hexadecimal. */
function fingerprint(rows: readonly Uint32Array[], tokenizer: number, isBatch: boolean): string {
  let high = 0x9e3779b9 ^ tokenizer;
  let low = isBatch ? 0x85ebca6b : 0xc2b2ae35;
  const mix = (value: number) => {
    high = Math.imul(high ^ value, 0x9e3779b1);
    high ^= high >>> 15;
    low = Math.imul(low ^ value, 0x5f356495);
    low ^= low >>> 13;
  };
  for (const row of rows) {
    mix(row.length);
    for (const id of row) mix(id);
  }
  const hex = (hash: number) => (hash >>> 0).toString(16).padStart(8, '0');
  return hex(high) + hex(low);
}
