/** The hash chain that names the contents of a full block: parent hash + tokens, rooted in the weights hash and the code revision. */

import type { Sequence } from './sequence.ts';

/** Hashes are whole numbers of 53 bits; whoever finds a block by one still compares its tokens. */
export type BlockHash = number;

/** What the first block of a sequence has for a parent. */
export function rootHash(weightsHash: string, codeRevision: string): BlockHash {
  const text = `${weightsHash}\0${codeRevision}`;
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  for (let i = 0; i < text.length; i++) [a, b] = absorb(a, b, text.charCodeAt(i));
  return finish(a, b);
}

/** The hash of the block that holds `tokenIds[start … start + size)` after the block named `parent`. */
export function blockHash(parent: BlockHash, tokenIds: ArrayLike<number>, start: number, size: number): BlockHash {
  let [a, b] = absorb(0x13198a2e, 0x03707344, parent >>> 0);
  [a, b] = absorb(a, b, Math.floor(parent / 2 ** 32));
  for (let i = start; i < start + size; i++) {
    // `absorb` written out: this loop hashes every token of every prompt.
    a = Math.imul(a ^ tokenIds[i]!, 0x9e3779b1);
    b = Math.imul(b ^ tokenIds[i]! ^ (a >>> 15), 0x5f356495);
    a ^= b >>> 13;
  }
  return finish(a, b);
}

interface Chain {
  readonly epoch: number;
  readonly root: BlockHash;
  readonly hashes: BlockHash[];
}

/** The chain of each sequence. Keys and values of two epochs (weights or code changed between them) never share a chain. */
export class BlockChains {
  #epoch = 0;
  #root: BlockHash;
  readonly #chains = new WeakMap<Sequence, Chain>();

  constructor(
    readonly blockSize: number,
    weightsHash: string,
    codeRevision: string,
  ) {
    this.#root = rootHash(weightsHash, codeRevision);
  }

  startEpoch(weightsHash: string, codeRevision: string): void {
    this.#epoch++;
    this.#root = rootHash(weightsHash, codeRevision);
  }

  /** Call while the sequence has no keys and values: those it will get are of this epoch. */
  begin(sequence: Sequence): void {
    if (!this.isCurrent(sequence)) this.#chains.set(sequence, { epoch: this.#epoch, root: this.#root, hashes: [] });
  }

  /** Whether the sequence's keys and values are all of this epoch. */
  isCurrent(sequence: Sequence): boolean {
    return this.#chains.get(sequence)?.epoch === this.#epoch;
  }

  inherit(parent: Sequence, child: Sequence): void {
    const chain = this.#chains.get(parent);
    if (chain) this.#chains.set(child, { ...chain, hashes: [...chain.hashes] });
  }

  /** The hash of the sequence's full block `i`; the root for −1. */
  hashAt(sequence: Sequence, i: number): BlockHash {
    const { root, hashes } = this.#chains.get(sequence)!;
    if (i < 0) return root;
    for (let next = hashes.length; next <= i; next++) {
      hashes.push(blockHash(hashes[next - 1] ?? root, sequence.tokenIds, next * this.blockSize, this.blockSize));
    }
    return hashes[i]!;
  }
}

function absorb(a: number, b: number, value: number): [number, number] {
  const first = Math.imul(a ^ value, 0x9e3779b1);
  const second = Math.imul(b ^ value ^ (first >>> 15), 0x5f356495);
  return [first ^ (second >>> 13), second];
}

function finish(a: number, b: number): BlockHash {
  let x = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  let y = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  x ^= x >>> 16;
  y ^= y >>> 15;
  return (x >>> 0) * 0x200000 + (y >>> 11);
}
