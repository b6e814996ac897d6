/** A text that is looked for in another, in linear time: the engines' own search takes the product of both lengths where texts are made for it. */
import type { Budget } from './limits.ts';

/** Up to this length the product is small. */
const SHORT = 32;

/** Places are those of UTF-16. */
export class Needle {
  /** For each place, how much of the beginning ends there; null where the text is short. */
  #borders: Int32Array | null = null;
  #reversed: Needle | null = null;

  constructor(
    readonly text: string,
    private readonly budget: Budget,
  ) {
    if (text.length <= SHORT) return;
    budget.each(text.length >> 2);
    this.#borders = bordersOf(text);
  }

  /** `indexOf`; what is looked through costs as it is long. */
  indexIn(hay: string, from = 0): number {
    if (!this.#borders) {
      const found = hay.indexOf(this.text, from);
      this.budget.read((found < 0 ? hay.length : found + this.text.length) - from);
      return found;
    }
    this.budget.each(Math.max(0, hay.length - from) >> 3);
    const { text } = this;
    let matched = 0;
    for (let at = from; at < hay.length; at++) {
      const unit = hay.charCodeAt(at);
      while (matched > 0 && text.charCodeAt(matched) !== unit) matched = this.#borders[matched - 1]!;
      if (text.charCodeAt(matched) === unit) matched++;
      if (matched === text.length) return at - matched + 1;
    }
    return -1;
  }

  isIn(hay: string): boolean {
    return this.indexIn(hay) >= 0;
  }

  /** `lastIndexOf` */
  lastIndexIn(hay: string): number {
    if (!this.#borders) {
      this.budget.read(hay.length);
      return hay.lastIndexOf(this.text);
    }
    this.budget.each((hay.length + this.text.length) >> 2);
    this.#reversed ??= new Needle(reversed(this.text), this.budget);
    const found = this.#reversed.indexIn(reversed(hay));
    return found < 0 ? -1 : hay.length - found - this.text.length;
  }

  /** Where it stands, without overlaps. */
  *placesIn(hay: string): Generator<number> {
    const { length } = this.text;
    for (let at = this.indexIn(hay); at >= 0; at = this.indexIn(hay, at + length)) yield at;
  }
}

function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let matched = 0;
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && text.charCodeAt(matched) !== unit) matched = borders[matched - 1]!;
    if (text.charCodeAt(matched) === unit) matched++;
    borders[at] = matched;
  }
  return borders;
}

/** By units: halves of pairs are swapped in both texts alike. */
export function reversed(text: string): string {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(text.length - 1 - at);
  let result = '';
  for (let at = 0; at < units.length; at += 8192) result += String.fromCharCode(...units.subarray(at, at + 8192));
  return result;
}
