/** Text that remembers which part of the original each of its characters came from: this is where offsets come from. */
import { TokenizerError } from './tokenizer-error.ts';

/** Characters that a normalizer may make: several for each of the longest text. */
export const MAX_NORMALIZED = 8_000_000;

function assertRoom(length: number): void {
  if (length > MAX_NORMALIZED) throw new TokenizerError('normalizer', `makes more than ${MAX_NORMALIZED} characters of a text.`);
}

/** The original range of each code unit; both units of a surrogate pair have the range of the pair. */
interface Alignment {
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/**
 * A piece of the text at some stage of normalisation. Positions are UTF-16 code units and never fall within a surrogate pair.
 * Semantics are those of `NormalizedString` in Hugging Face's Rust library.
 */
export class AlignedText {
  private constructor(
    readonly text: string,
    /** Null: unit i of the text is unit `at + i` of the original. */
    private readonly alignment: Alignment | null,
    /** Where the text begins in the alignment or, without one, in the original. */
    private readonly at: number,
  ) {}

  static of(original: string): AlignedText {
    return new AlignedText(original, null, 0);
  }

  static aligned(text: string, starts: ArrayLike<number>, ends: ArrayLike<number>): AlignedText {
    assertRoom(text.length);
    return new AlignedText(text, { starts, ends }, 0);
  }

  get length(): number {
    return this.text.length;
  }

  /** The original start of the character at a position of the text. */
  start(position: number): number {
    return this.alignment ? (this.alignment.starts[this.at + position] ?? 0) : this.at + position;
  }

  /** The original end of the character before a position of the text. */
  end(position: number): number {
    return this.alignment ? (this.alignment.ends[this.at + position - 1] ?? 0) : this.at + position;
  }

  slice(start: number, end: number): AlignedText {
    return new AlignedText(this.text.slice(start, end), this.alignment, this.at + start);
  }

  /** Another text of the same length, unit for unit. */
  withText(text: string): AlignedText {
    return new AlignedText(text, this.alignment, this.at);
  }

  /** With a prefix, which belongs to the first character; an empty text stays empty. */
  prepend(prefix: string): AlignedText {
    if (this.length === 0) return this;
    const size = prefix.length;
    assertRoom(size + this.length);
    const starts = new Uint32Array(size + this.length);
    const ends = new Uint32Array(size + this.length);
    const first = widthAt(this.text, 0);
    starts.fill(this.start(0), 0, size);
    ends.fill(this.end(first), 0, size);
    this.copyAlignment(0, this.length, starts, ends, size);
    return AlignedText.aligned(prefix + this.text, starts, ends);
  }

  /** Without the characters that do not pass. */
  filter(keep: (character: string) => boolean): AlignedText {
    const change = new Rewrite(this);
    for (const character of this.text) {
      if (keep(character)) change.put(character, 0);
      else change.skip(1);
    }
    return change.done();
  }

  copyAlignment(start: number, end: number, starts: Uint32Array, ends: Uint32Array, into: number): void {
    for (let position = start; position < end; position++, into++) {
      const pair = isPairAt(this.text, position) ? 1 : 0;
      starts[into] = this.start(position);
      ends[into] = this.end(position + 1 + pair);
      if (pair === 1) {
        position++;
        into++;
        starts[into] = starts[into - 1]!;
        ends[into] = ends[into - 1]!;
      }
    }
  }
}

/** A new text written from left to right over a source, one character at a time. */
export class Rewrite {
  /** Where reading goes on in the source. */
  #cursor = 0;
  #text = '';
  #changed = false;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(private readonly source: AlignedText) {}

  /**
   * Writes a character.
   * @param change 0: it replaces the next one of the source; n > 0: it is new and belongs to the one before; −n: it replaces
   * the next one, and the n after that are dropped
   */
  put(character: string, change: number): void {
    const { source } = this;
    let start: number;
    let end: number;
    if (change > 0) {
      this.#changed = true;
      start = source.start(this.#cursor === 0 ? 0 : this.#cursor - widthBefore(source.text, this.#cursor));
      end = this.#cursor === 0 ? start : source.end(this.#cursor);
    } else {
      const width = widthAt(source.text, this.#cursor);
      start = source.start(this.#cursor);
      end = source.end(this.#cursor + width);
      if (!this.#changed && !source.text.startsWith(character, this.#cursor)) this.#changed = true;
      this.#cursor += width;
      if (change < 0) this.skip(-change);
    }
    this.#text += character;
    assertRoom(this.#starts.length + character.length);
    for (let unit = 0; unit < character.length; unit++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  /** Drops the next characters of the source. */
  skip(characters: number): void {
    this.#changed = true;
    for (; characters > 0; characters--) this.#cursor += widthAt(this.source.text, this.#cursor);
  }

  /** Takes over the source up to a position. */
  keepTo(position: number): void {
    const { source } = this;
    while (this.#cursor < position) {
      const width = widthAt(source.text, this.#cursor);
      const start = source.start(this.#cursor);
      const end = source.end(this.#cursor + width);
      for (let unit = 0; unit < width; unit++) {
        this.#starts.push(start);
        this.#ends.push(end);
      }
      this.#text += source.text.slice(this.#cursor, this.#cursor + width);
      this.#cursor += width;
    }
  }

  done(): AlignedText {
    return this.#changed ? AlignedText.aligned(this.#text, this.#starts, this.#ends) : this.source;
  }
}

/** Code units of the character at a position. */
export function widthAt(text: string, position: number): number {
  return isPairAt(text, position) ? 2 : 1;
}

/** Code units of the character before a position. */
export function widthBefore(text: string, position: number): number {
  return position > 1 && isPairAt(text, position - 2) ? 2 : 1;
}

function isPairAt(text: string, position: number): boolean {
  const unit = text.charCodeAt(position);
  if (!(unit >= 0xd800 && unit < 0xdc00)) return false;
  const next = text.charCodeAt(position + 1);
  return next >= 0xdc00 && next < 0xe000;
}
