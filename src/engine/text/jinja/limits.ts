/** Bounds of a template's work: templates come with any model, and one that never ends would take the engine with it. */
import { JinjaError } from './errors.ts';

/** Characters of a template. */
export const MAX_SOURCE = 1_000_000;
/** Expressions or blocks within one another. */
export const MAX_NESTING = 100;
/** Operators, calls or filters in a row. */
export const MAX_CHAIN = 400;
/** Macros and recursive loops within one another. */
export const MAX_CALL_DEPTH = 150;
/** Values computed, items visited and characters looked at (by the dozen), all together. */
const MAX_STEPS = 20_000_000;
/** Characters of one text, and of the whole prompt. */
export const MAX_TEXT = 8_000_000;
/** Items of one list. */
const MAX_ITEMS = 1_000_000;
/** Numbers that `range` gives, as in Jinja's sandbox. */
export const MAX_RANGE = 100_000;
/** Of an integer that is read or printed, as in Python. */
export const MAX_DIGITS = 4300;
/** Bits of an integer. */
const MAX_BITS = 50_000;
/** What it costs to go on to the next item, beside what is done with it. */
const STEPS_PER_ITEM = 3;
/** Characters that cost a step. */
const CHARACTERS_PER_STEP = 8;
/** What an entry of a dictionary costs, which takes a dozen times the memory of an item. */
const STEPS_PER_ENTRY = 8;

export const limitExceeded = (message: string) => new JinjaError('LimitExceeded', message);

/** What one rendering may still do. */
export class Budget {
  #steps: number;
  #depth = 0;

  constructor(private readonly maxSteps = MAX_STEPS) {
    this.#steps = maxSteps;
  }

  step(count = 1): void {
    this.#steps -= count;
    if (this.#steps < 0) throw limitExceeded(`the template takes more than ${this.maxSteps} steps.`);
  }

  /** Before a list or a text is gone through item by item. */
  each(count: number): void {
    this.step(count * STEPS_PER_ITEM);
  }

  /** Before this many characters are looked through. */
  read(length: number): void {
    this.step(Math.ceil(length / CHARACTERS_PER_STEP));
  }

  /** Before a text of this length is made. */
  text(length: number): void {
    if (length > MAX_TEXT) throw limitExceeded(`a text of ${length} characters; at most ${MAX_TEXT} are made.`);
    this.read(length);
  }

  /** Before texts are put together: nothing is copied until it is read, so that only the length counts. */
  grow(length: number): void {
    if (length > MAX_TEXT) throw limitExceeded(`a text of ${length} characters; at most ${MAX_TEXT} are made.`);
    this.step();
  }

  /** Before a list of this length is made. */
  items(count: number): void {
    if (count > MAX_ITEMS) throw limitExceeded(`a list of ${count} items; at most ${MAX_ITEMS} are made.`);
    this.step(count);
  }

  /** Before a dictionary of this size is made. */
  entries(count: number): void {
    this.items(count);
    this.step((count + 1) * STEPS_PER_ENTRY);
  }

  /** Before an integer of this size is computed. */
  bits(count: number): void {
    if (count > MAX_BITS) throw limitExceeded(`an integer of ${count} bits; at most ${MAX_BITS} are computed.`);
    // Multiplying and printing take the square of the length.
    this.step(Math.ceil((count / 64) ** 2 / 16));
  }

  /** Work within a macro or a recursive loop. */
  within<T>(work: () => T): T {
    if (this.#depth >= MAX_CALL_DEPTH) throw limitExceeded(`macros or loops call themselves more than ${MAX_CALL_DEPTH} deep.`);
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }
}
