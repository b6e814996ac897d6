/** A set of strings that answers which of them begin at a position; compact enough for a vocabulary of 250,000. */

const ROOT = 0;

/** Its edges lie in one hash table of typed arrays. */
export class Trie {
  /** Index of the string that ends at a node; −1 where none does. */
  #values: Int32Array;
  #nodes = 1;
  #mask: number;
  #edges = 0;
  /** Open addressing: parent node + 1 (0 is free), code unit, child node. */
  #parents: Int32Array;
  #units: Uint16Array;
  #children: Int32Array;

  /** @param strings empty ones are left out; of equal ones the last counts */
  constructor(strings: Iterable<string>) {
    this.#values = new Int32Array(64).fill(-1);
    this.#mask = 127;
    this.#parents = new Int32Array(128);
    this.#units = new Uint16Array(128);
    this.#children = new Int32Array(128);
    let index = 0;
    for (const string of strings) this.#add(string, index++);
  }

  /**
   * Calls back for each string that begins at `start`, the shortest first.
   * @param found its index and its end
   */
  match(text: string, start: number, found: (index: number, end: number) => void): void {
    let node = ROOT;
    for (let position = start; position < text.length; position++) {
      node = this.#child(node, text.charCodeAt(position));
      if (node < 0) return;
      const index = this.#values[node]!;
      if (index >= 0) found(index, position + 1);
    }
  }

  #add(string: string, index: number): void {
    if (string === '') return;
    let node = ROOT;
    for (let position = 0; position < string.length; position++) {
      const unit = string.charCodeAt(position);
      const child = this.#child(node, unit);
      node = child < 0 ? this.#addChild(node, unit) : child;
    }
    this.#values[node] = index;
  }

  #child(node: number, unit: number): number {
    let slot = this.#slot(node, unit);
    for (; this.#parents[slot] !== 0; slot = (slot + 1) & this.#mask) {
      if (this.#parents[slot] === node + 1 && this.#units[slot] === unit) return this.#children[slot]!;
    }
    return -1;
  }

  #addChild(node: number, unit: number): number {
    if (this.#edges * 2 > this.#mask) this.#grow();
    const child = this.#nodes++;
    if (child >= this.#values.length) {
      const values = new Int32Array(this.#values.length * 2).fill(-1);
      values.set(this.#values);
      this.#values = values;
    }
    this.#edges++;
    this.#insert(node, unit, child);
    return child;
  }

  #insert(node: number, unit: number, child: number): void {
    let slot = this.#slot(node, unit);
    while (this.#parents[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#parents[slot] = node + 1;
    this.#units[slot] = unit;
    this.#children[slot] = child;
  }

  #grow(): void {
    const parents = this.#parents;
    const units = this.#units;
    const children = this.#children;
    const size = parents.length * 2;
    this.#mask = size - 1;
    this.#parents = new Int32Array(size);
    this.#units = new Uint16Array(size);
    this.#children = new Int32Array(size);
    for (let slot = 0; slot < parents.length; slot++) {
      if (parents[slot] !== 0) this.#insert(parents[slot]! - 1, units[slot]!, children[slot]!);
    }
  }

  #slot(node: number, unit: number): number {
    const hash = Math.imul(Math.imul(node, 0x9e3779b1) ^ unit, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & this.#mask;
  }
}
