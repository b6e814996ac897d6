/** NFC, NFD, NFKC and NFKD with alignment, which `String.prototype.normalize` alone does not give. */
import { type AlignedText, Rewrite } from './aligned-text.ts';
import { normalized } from './unicode/character-kinds.ts';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** A character and what it changes, as `Rewrite.put` takes it. */
interface Mark {
  character: string;
  change: number;
}

/**
 * Decomposes, puts combining marks in their order and composes again (UAX #15), counting characters as the Rust crate
 * `unicode-normalization-alignments` does, so that offsets come out the same.
 */
export function toUnicodeForm(source: AlignedText, form: UnicodeForm): AlignedText {
  if (source.text.normalize(form) === source.text) return source;
  const rewrite = new Rewrite(source);
  const put = ({ character, change }: Mark) => rewrite.put(character, change);
  if (form === 'NFC' || form === 'NFKC') {
    const composition = new Composition(put);
    decompose(source.text, form === 'NFC' ? 'NFD' : 'NFKD', (mark) => composition.add(mark));
    composition.end();
  } else {
    decompose(source.text, form, put);
  }
  return rewrite.done();
}

function decompose(text: string, form: 'NFD' | 'NFKD', emit: (mark: Mark) => void): void {
  let marks: Mark[] = [];
  const flush = () => {
    if (marks.length > 1) marks.sort((left, right) => order(left.character, right.character));
    marks.forEach(emit);
    marks = [];
  };
  for (const character of text) {
    let change = 0;
    for (const part of isInert(character) ? character : character.normalize(form)) {
      if (isStarter(part)) {
        if (marks.length > 0) flush();
        emit({ character: part, change });
      } else {
        marks.push({ character: part, change });
      }
      change = 1;
    }
  }
  flush();
}

class Composition {
  #starter: Mark | null = null;
  #marks: Mark[] = [];

  constructor(private readonly emit: (mark: Mark) => void) {}

  add(mark: Mark): void {
    const starter = this.#starter;
    const last = this.#marks.at(-1);
    if (!starter) {
      if (isStarter(mark.character)) this.#starter = mark;
      else this.emit(mark);
      return;
    }
    // A mark of the same class in between blocks this one; any mark blocks a starter.
    const blocked = last !== undefined && (isStarter(mark.character) || order(last.character, mark.character) >= 0);
    const composed = blocked ? null : compose(starter.character, mark.character);
    if (composed !== null) {
      this.#starter = { character: composed, change: starter.change + mark.change - 1 };
    } else if (isStarter(mark.character)) {
      this.end();
      this.#starter = mark;
    } else {
      this.#marks.push(mark);
    }
  }

  end(): void {
    if (this.#starter) this.emit(this.#starter);
    this.#marks.forEach(this.emit);
    this.#starter = null;
    this.#marks = [];
  }
}

/** What Rust leaves as it is, though a browser with a later Unicode may not. */
const isInert = (character: string): boolean => character < '\u00a0' || !normalized.has(character);

const anyMark = /^\p{M}/u;
/** The one character of the highest combining class, 240. */
const LAST_MARK = '\u0345';

/** Whether the canonical combining class is 0. JavaScript has no table of the classes, but its sorting shows them. */
function isStarter(character: string): boolean {
  if (character < '\u0300' || !anyMark.test(character) || isInert(character)) return true;
  return character !== LAST_MARK && (LAST_MARK + character).normalize('NFD') === LAST_MARK + character;
}

/** Compares the combining classes of two marks. */
function order(left: string, right: string): number {
  if (left === right) return 0;
  if ((left + right).normalize('NFD') !== left + right) return 1;
  return (right + left).normalize('NFD') === right + left ? 0 : -1;
}

/** The composite of a pair, null where there is none. */
function compose(starter: string, next: string): string | null {
  if (starter < '\u0300' && next < '\u0300') return null;
  const composed = (starter + next).normalize('NFC');
  const isOne = composed.length === (composed.codePointAt(0)! > 0xffff ? 2 : 1);
  return isOne && !isInert(composed) ? composed : null;
}
