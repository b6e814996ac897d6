/** Sets and mappings of code points, as rust-tables.ts writes them: short, and the same in every browser. */

const numbersOf = (table: string): number[] => table.split(' ').map((number) => parseInt(number, 36));

export class CodePointSet {
  /** Start, end, start, end, … with the ends in the set. */
  readonly #bounds: readonly number[];

  /** @param table gaps and lengths */
  constructor(table: string) {
    let at = 0;
    this.#bounds = numbersOf(table).map((step) => (at += step));
  }

  /** Whether the first character of a text is in the set. */
  has(text: string): boolean {
    const point = text.codePointAt(0);
    if (point === undefined) return false;
    let low = 0;
    let high = this.#bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#bounds[middle]! < point) low = middle + 1;
      else high = middle;
    }
    return low < this.#bounds.length && (low % 2 === 1 || this.#bounds[low] === point);
  }

  /** In their order. */
  *points(): Generator<number> {
    for (let index = 0; index < this.#bounds.length; index += 2) {
      for (let point = this.#bounds[index]!; point <= this.#bounds[index + 1]!; point++) yield point;
    }
  }

  /** For a class of a regular expression with the flag u. */
  get source(): string {
    let source = '';
    for (let index = 0; index < this.#bounds.length; index += 2) {
      source += `${escaped(this.#bounds[index]!)}-${escaped(this.#bounds[index + 1]!)}`;
    }
    return source;
  }
}

/** @param table gaps, counts, steps and distances */
export function codePointMap(table: string): ReadonlyMap<string, string> {
  const numbers = numbersOf(table);
  const map = new Map<string, string>();
  let point = 0;
  for (let index = 0; index < numbers.length; index += 4) {
    const [gap, count, step, distance] = numbers.slice(index, index + 4) as [number, number, number, number];
    point += gap;
    for (let run = 0; run < count; run++) {
      if (run > 0) point += step;
      map.set(String.fromCodePoint(point), String.fromCodePoint(point + distance));
    }
  }
  return map;
}

const escaped = (point: number): string => `\\u{${point.toString(16)}}`;
