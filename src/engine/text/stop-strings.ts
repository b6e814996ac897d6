/** Watches generated text for strings that end it, which may come in pieces, and never lets the beginning of one out too early. */

export interface Watched {
  /** Text that belongs to no stop string. */
  readonly text: string;
  /** The stop string that was found; the text ends right before it. */
  readonly stopped: string | null;
}

/**
 * The stop string that is complete first counts; of those that are complete at one place, the longest. So how the text is cut
 * into pieces makes no difference.
 */
export class StopStrings {
  readonly #watches: readonly Watch[];
  /** The longest end of the text that may begin a stop string. */
  #held = '';
  /** For each of its code units, whether it is only watched. */
  #hidden: boolean[] = [];
  #stopped: string | null = null;

  /** @param stops empty ones are ignored */
  constructor(stops: readonly string[]) {
    this.#watches = stops.filter((stop) => stop !== '').map((stop) => new Watch(stop));
  }

  get stopped(): string | null {
    return this.#stopped;
  }

  /** @param isHidden watched, and not part of the text: special tokens that are left out of it */
  push(piece: string, isHidden = false): Watched {
    if (this.#stopped !== null || piece === '') return { text: '', stopped: this.#stopped };
    if (this.#watches.length === 0) return { text: isHidden ? '' : piece, stopped: null };
    const text = this.#held + piece;
    const hidden = [...this.#hidden, ...Array<boolean>(piece.length).fill(isHidden)];
    for (let position = this.#held.length; position < text.length; position++) {
      const found = this.#step(text.charCodeAt(position));
      if (found === null) continue;
      this.#stopped = found;
      this.#held = '';
      return { text: shown(text, hidden, position + 1 - found.length), stopped: found };
    }
    const held = Math.max(...this.#watches.map(({ matched }) => matched));
    this.#held = text.slice(text.length - held);
    this.#hidden = hidden.slice(text.length - held);
    return { text: shown(text, hidden, text.length - held), stopped: null };
  }

  /** No more text comes: what was held back. */
  flush(): string {
    const rest = shown(this.#held, this.#hidden, this.#held.length);
    this.#held = '';
    this.#hidden = [];
    for (const watch of this.#watches) watch.reset();
    return rest;
  }

  #step(unit: number): string | null {
    let longest: string | null = null;
    for (const watch of this.#watches) {
      if (watch.step(unit) && watch.stop.length > (longest?.length ?? 0)) longest = watch.stop;
    }
    return longest;
  }
}

/** The text up to an end, without what is only watched. */
function shown(text: string, hidden: readonly boolean[], end: number): string {
  if (!hidden.includes(true)) return text.slice(0, end);
  let kept = '';
  for (let i = 0; i < end; i++) if (!hidden[i]) kept += text[i];
  return kept;
}

/** Knuth, Morris and Pratt's automaton for one string. */
class Watch {
  /** Code units of the string that the text so far ends with. */
  matched = 0;
  /** For each length, the longest shorter one that could go on instead. */
  readonly #fallback: readonly number[];

  constructor(readonly stop: string) {
    const fallback = [0, 0];
    for (let length = 1; length < stop.length; length++) {
      let shorter = fallback[length]!;
      while (shorter > 0 && stop[shorter] !== stop[length]) shorter = fallback[shorter]!;
      fallback.push(stop[shorter] === stop[length] ? shorter + 1 : 0);
    }
    this.#fallback = fallback;
  }

  /** True when the string is complete. */
  step(unit: number): boolean {
    while (this.matched > 0 && this.stop.charCodeAt(this.matched) !== unit) this.matched = this.#fallback[this.matched]!;
    if (this.stop.charCodeAt(this.matched) === unit) this.matched++;
    return this.matched === this.stop.length;
  }

  reset(): void {
    this.matched = 0;
  }
}
