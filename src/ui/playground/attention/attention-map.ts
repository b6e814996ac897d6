/** The attention weights of one layer: reading them, summing heads, and saying in a word what a head does. */
import { type Tensor, tensorData } from '../../../contract/index.ts';

export class AttentionMap {
  readonly heads: number;
  /** Tokens on either axis. */
  readonly size: number;
  readonly #weights: ArrayLike<number>; // [H, T, T], query by key

  /** @throws RangeError when the tensor is no [1, H, T, T] */
  constructor(tensor: Tensor) {
    const [batch, heads, queries, keys] = tensor.shape;
    if (batch !== 1 || heads === undefined || queries === undefined || queries !== keys) {
      throw new RangeError(`Attention has the shape [${tensor.shape.join(', ')}] and should have [1, heads, tokens, tokens].`);
    }
    this.heads = heads;
    this.size = queries;
    this.#weights = tensorData(tensor);
  }

  /** From a query to a key; `mean` is the mean of all heads. */
  weight(head: Head, query: number, key: number): number {
    const { size, heads } = this;
    if (head !== 'mean') return this.#weights[(head * size + query) * size + key] ?? 0;
    let sum = 0;
    for (let h = 0; h < heads; h++) sum += this.#weights[(h * size + query) * size + key] ?? 0;
    return sum / heads;
  }

  /** What a query attends to: one weight per key. */
  from(head: Head, query: number): Float32Array {
    return Float32Array.from({ length: this.size }, (_, key) => this.weight(head, query, key));
  }

  /** Who attends to a key: one weight per query. */
  to(head: Head, key: number): Float32Array {
    return Float32Array.from({ length: this.size }, (_, query) => this.weight(head, query, key));
  }

  /** The greatest weight of a query. */
  greatestOf(head: Head, query: number, skipFirst: boolean): number {
    let greatest = 0;
    for (let key = skipFirst ? 1 : 0; key <= query; key++) greatest = Math.max(greatest, this.weight(head, query, key));
    return greatest;
  }

  /** The greatest weight of all. */
  greatest(head: Head, skipFirst: boolean): number {
    let greatest = 0;
    for (let query = 0; query < this.size; query++) greatest = Math.max(greatest, this.greatestOf(head, query, skipFirst));
    return greatest;
  }
}

export type Head = number | 'mean';

/** Mean weight of the queries on the place that the pattern is named after, and the mean entropy of the rows. */
export interface HeadPattern {
  first: number;
  previous: number;
  self: number;
  /** On the token after the last occurrence of the query's own token (Olsson et al. 2022); null when no token repeats. */
  induction: number | null;
  entropyBits: number;
}

export function headPattern(map: AttentionMap, head: Head, ids: readonly number[]): HeadPattern {
  const { size } = map;
  let [first, previous, self, entropy, induction, repeats] = [0, 0, 0, 0, 0, 0];
  const lastSeen = new Map<number, number>();
  for (let query = 0; query < size; query++) {
    const id = ids[query];
    const seen = id === undefined ? undefined : lastSeen.get(id);
    if (query > 0) {
      first += map.weight(head, query, 0);
      previous += map.weight(head, query, query - 1);
      self += map.weight(head, query, query);
      for (let key = 0; key <= query; key++) {
        const weight = map.weight(head, query, key);
        if (weight > 0) entropy -= weight * Math.log2(weight);
      }
      if (seen !== undefined && seen + 1 < query) {
        induction += map.weight(head, query, seen + 1);
        repeats++;
      }
    }
    if (id !== undefined) lastSeen.set(id, query);
  }
  const queries = Math.max(1, size - 1);
  return {
    first: first / queries,
    previous: previous / queries,
    self: self / queries,
    induction: repeats > 0 ? induction / repeats : null,
    entropyBits: entropy / queries,
  };
}

/** A pattern must hold this share of the weight to give a head its name. */
const NAMING_SHARE = 0.35;

/** `previous 71 %`, or how broad it looks when no pattern leads. */
export function describePattern({ first, previous, self, induction, entropyBits }: HeadPattern): string {
  const named: [string, number][] = [
    ['induction', induction ?? 0],
    ['previous', previous],
    ['self', self],
    ['first', first],
  ];
  // The first token collects what a head has no use for, so another pattern of enough weight says more.
  const leading = named.find(([, share]) => share >= NAMING_SHARE);
  return leading ? `${leading[0]} ${Math.round(100 * leading[1])} %` : `broad, ${entropyBits.toFixed(1)} bits`;
}

/** Elements of one captured layer that may travel: above it the sequence is cut. */
export const MAX_CAPTURED_WEIGHTS = 8_000_000;

/** Tokens whose attention fits the limit. Attention is causal, so the map of a beginning is exact. */
export function tokensInReach(length: number, heads: number): number {
  return Math.min(length, Math.floor(Math.sqrt(MAX_CAPTURED_WEIGHTS / Math.max(1, heads))));
}
