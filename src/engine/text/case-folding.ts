/** `(?i:…)`, which browsers lack or read by their own Unicode: written out as classes of the characters that Oniguruma takes for the same. */
import { ANCHOR, endOfLeaf, GROUP_HEAD, REFERENCE, repetitionAt } from './expression.ts';
import { alikeOf, alikes, foldOf, severals } from './unicode/case-folds.ts';

/** Whether a class, given alone, takes a character. */
export type ClassReader = (expression: string) => RegExp | null;

interface Group {
  readonly folds: boolean;
  /** Oniguruma reads on across its signs. */
  isPlain: boolean;
}

/**
 * @param read translates a class without such groups
 * @throws SyntaxError at options and anchors that are read otherwise or not at all, and where ß would be the same as ss
 */
export function withoutFolding(source: string, read: ClassReader): string {
  const groups: Group[] = [];
  let folds = false;
  /** Characters in a row, folded: together they may be the same as one. */
  let row = '';
  let written = '';
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at, at + 200);
    let end = at + 1;
    let text: string | null = null;
    if (rest[0] === '(') {
      const head = GROUP_HEAD.exec(rest)![0];
      if (/^\(\?[a-z-]/.test(head) && head !== '(?i:') throw new SyntaxError(`Options other than (?i:…) are not supported: ${head}`);
      end = at + head.length;
      const isPlain = head === '(?:' || head === '(?i:';
      groups.push({ folds, isPlain });
      if (!isPlain) row = '';
      if (head === '(?i:') {
        folds = true;
        text = '(?:';
      }
    } else if (rest[0] === ')') {
      const group = groups.pop();
      folds = group?.folds ?? false;
      if (!group?.isPlain || !folds) row = '';
    } else if (rest[0] === '|') {
      const group = groups.at(-1);
      if (group) group.isPlain = false;
      row = '';
    } else {
      const anchor = ANCHOR.exec(rest)?.[0];
      if (anchor === '\\G') throw new SyntaxError('\\G is not supported');
      const repetition = anchor ? null : repetitionAt(source, at);
      end = anchor ? at + anchor.length : (repetition?.end ?? endOfLeaf(source, at));
      const own = source.slice(at, end);
      const character = anchor || repetition || !folds ? null : literalOf(own);
      row = character === null || repetitionAt(source, end) ? '' : row + foldOf(character);
      if (character !== null) text = foldedCharacter(character, own, row);
      else if (folds && !anchor && !repetition) text = own.startsWith('[') ? foldedClass(own, read) : unfolded(own);
    }
    written += text ?? source.slice(at, end);
    at = end;
  }
  return written;
}

/** The one character that a leaf stands for; null: a class, or an escape that is one. */
function literalOf(own: string): string | null {
  const hex = /^\\(?:[xu]\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})$|u([0-9A-Fa-f]{4})$)/.exec(own);
  if (hex) {
    const point = parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16);
    return point < 0x110000 ? String.fromCodePoint(point) : null;
  }
  if (own.startsWith('\\')) return /^\\[A-Za-z0-9]/.test(own) ? null : own.slice(1);
  return own === '.' || own.startsWith('[') ? null : own;
}

function foldedCharacter(character: string, own: string, row: string): string {
  const several = severals.get(character);
  if (several !== undefined) throw manyError(character, several);
  for (const [one, many] of severals) if (row.includes(many)) throw manyError(one, many);
  const characters = alikeOf(character);
  return characters.length > 1 ? `[${characters.join('')}]` : own;
}

/** What is excluded is folded before, what intersects is not. */
function foldedClass(own: string, read: ClassReader): string {
  // What is refused of the whole is refused.
  read(own);
  const isNegated = own.startsWith('[^');
  const positive = isNegated ? `[${own.slice(2)}` : own;
  const taken = takenBy(positive, read);
  const added = alikes.flatMap((group) => (group.some((each) => taken.has(each)) ? group.filter((each) => !taken.has(each)) : []));
  if (!isNegated) {
    for (const [one, many] of severals) if (taken.has(one) || added.includes(one)) throw manyError(one, many);
  }
  if (added.length === 0) return own;
  return `[${isNegated ? '^' : ''}${positive}${added.join('')}]`;
}

const candidates = [...new Set([...alikes.flat(), ...severals.keys()])].join('');

function takenBy(expression: string, read: ClassReader): ReadonlySet<string> {
  const pattern = read(expression);
  return new Set(pattern ? Array.from(candidates.matchAll(pattern), ([character]) => character) : []);
}

/** A kind of characters takes what it takes. */
function unfolded(own: string): string {
  if (REFERENCE.test(own)) throw new SyntaxError(`A reference inside (?i:…) is not supported: ${own}`);
  return own;
}

const manyError = (one: string, many: string): SyntaxError =>
  new SyntaxError(`One character that is the same as several, as ${one} is as ${many}, is not supported inside (?i:…)`);
