/** Which characters the leaves of an expression have in common, found by trying them on samples of all of Unicode. */
import type { Leaf } from './expression.ts';
import { translated } from './oniguruma.ts';

/** Every character of the scripts with an alphabet, some of those behind them. */
const DENSE_END = 0x3400;
const STEPS = [
  { end: 0x20000, step: 37 },
  { end: 0x110000, step: 997 },
];

let common: readonly number[] | undefined;

function commonSamples(): readonly number[] {
  if (common) return common;
  const points = Array.from({ length: DENSE_END }, (_, point) => point);
  let point = DENSE_END;
  for (const { end, step } of STEPS) for (; point < end; point += step) points.push(point);
  return (common = points);
}

/** With those that the expression names, and their neighbours. Halves of surrogate pairs are not text. */
function samplesFor(expression: string): string[] {
  const named = new Set<number>();
  const add = (point: number) => [point - 1, point, point + 1].forEach((each) => named.add(each));
  for (const character of expression) add(character.codePointAt(0)!);
  for (const [, braced, plain] of expression.matchAll(/\\[xu](?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2,4}))/g))
    add(parseInt(braced ?? plain!, 16));
  const isText = (point: number) => point >= 0 && point < 0x110000 && !(point >= 0xd800 && point < 0xe000);
  // One that comes twice does no harm.
  return [...commonSamples(), ...named].filter(isText).map((point) => String.fromCodePoint(point));
}

/** Characters that no leaf tells apart are one. */
export class LeafSets {
  /** Of each leaf's text, which kinds of characters it takes. */
  readonly #kinds = new Map<string, Uint8Array>();
  readonly #overlaps = new Map<Uint8Array, Map<Uint8Array, boolean>>();
  readonly #anything: Uint8Array;
  readonly kindCount: number;

  constructor(expression: string, leaves: readonly Leaf[]) {
    const samples = samplesFor(expression);
    const text = samples.join('');
    const indexAt = new Uint32Array(text.length + 1);
    let unit = 0;
    for (const [index, { length }] of samples.entries()) for (let end = unit + length; unit < end; unit++) indexAt[unit] = index;
    indexAt[unit] = samples.length;

    const taken = new Map<string, Uint8Array>();
    for (const { source } of leaves) if (source !== null && !taken.has(source)) taken.set(source, takenOf(source, text, indexAt));
    const kindOf = new Uint32Array(samples.length);
    let kindCount = 1;
    for (const takes of taken.values()) {
      // What was one kind is two where the leaf takes some of it only.
      const kinds = new Int32Array(kindCount * 2).fill(-1);
      kindCount = 0;
      for (let index = 0; index < kindOf.length; index++) {
        const key = kindOf[index]! * 2 + takes[index]!;
        if (kinds[key] === -1) kinds[key] = kindCount++;
        kindOf[index] = kinds[key]!;
      }
    }
    this.kindCount = kindCount;
    this.#anything = new Uint8Array(kindCount).fill(1);
    for (const [source, takes] of taken) {
      const set = new Uint8Array(kindCount);
      for (let index = 0; index < kindOf.length; index++) if (takes[index] === 1) set[kindOf[index]!] = 1;
      // One that takes no sample is not known.
      this.#kinds.set(source, set.includes(1) ? set : this.#anything);
    }
  }

  of({ source }: Leaf): Uint8Array {
    return source === null ? this.#anything : this.#kinds.get(source)!;
  }

  overlap(one: Uint8Array, other: Uint8Array): boolean {
    if (one === other) return true;
    let known = this.#overlaps.get(one);
    if (!known) this.#overlaps.set(one, (known = new Map()));
    let answer = known.get(other);
    if (answer === undefined) known.set(other, (answer = one.some((takes, kind) => takes === 1 && other[kind] === 1)));
    return answer;
  }
}

function takenOf(source: string, text: string, indexAt: Uint32Array): Uint8Array {
  const takes = new Uint8Array(indexAt.at(-1)!);
  let runs: RegExp | null;
  try {
    runs = translated(`(?:${source})+`);
  } catch {
    // JavaScript will say so of the whole.
    return takes;
  }
  if (runs) for (const { index, 0: run } of text.matchAll(runs)) takes.fill(1, indexAt[index], indexAt[index + run.length]);
  return takes;
}
