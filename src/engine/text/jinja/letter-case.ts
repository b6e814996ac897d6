/** Upper, lower and title case, and case folding, as Python's `str` has them: JavaScript knows no title case and no folding. */

/** Capital, title and small form of letters that are two in one. */
const DIGRAPHS = ['Ǆǅǆ', 'Ǉǈǉ', 'Ǌǋǌ', 'Ǳǲǳ'];
const TITLES = new Map(DIGRAPHS.flatMap((forms) => [...forms].map((form) => [form, forms[1]!] as const)));

/** One character as the first of a word. */
function titleOf(character: string): string {
  const digraph = TITLES.get(character);
  if (digraph !== undefined) return digraph;
  const code = character.codePointAt(0)!;
  // Georgian has capitals only for words that are all capitals.
  if (code >= 0x10d0 && code <= 0x10ff) return character;
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if ([0x1fb3, 0x1fc3, 0x1ff3].includes(code)) return String.fromCodePoint(code + 9);
  if ([0x1fbc, 0x1fcc, 0x1ffc].includes(code)) return character;
  const upper = character.toUpperCase();
  if (upper.length <= character.length) return upper;
  if (character === 'ŉ') return upper;
  // An iota below the letter stays below it.
  if (upper.endsWith('Ι') && code >= 0x1f00) return `${upper.slice(0, -1)}\u0345`;
  const [first = '', ...rest] = upper;
  return first + rest.join('').toLowerCase();
}

/** `str.capitalize()` */
export function capitalize(text: string): string {
  const first = text.codePointAt(0);
  if (first === undefined) return '';
  const character = String.fromCodePoint(first);
  // The final sigma is found from the whole word.
  return titleOf(character) + text.toLowerCase().slice(character.toLowerCase().length);
}

const IS_CASED = /\p{Cased}/u;

/** The small form of the capital sigma at this place: what stands before and after decides, beyond apostrophes and the like. */
function smallSigma(text: string, at: number): string {
  const ends = text
    .slice(0, at + 1)
    .toLowerCase()
    .endsWith('ς');
  return ends && `aΣ${text.slice(at + 1)}`.toLowerCase()[1] === 'ς' ? 'ς' : 'σ';
}

/** `str.title()`: each run of letters with a case begins with a capital. */
export function title(text: string): string {
  let isInWord = false;
  let result = '';
  let at = 0;
  for (const character of text) {
    const isCased = IS_CASED.test(character);
    if (!isCased) result += character;
    else if (!isInWord) result += titleOf(character);
    else result += character === 'Σ' ? smallSigma(text, at) : character.toLowerCase();
    isInWord = isCased;
    at += character.length;
  }
  return result;
}

export function swapCase(text: string): string {
  const swapped = (character: string, at: number) => {
    if (/\p{Lowercase}/u.test(character)) return character.toUpperCase();
    if (!/\p{Uppercase}/u.test(character)) return character;
    return character === 'Σ' ? smallSigma(text, at) : character.toLowerCase();
  };
  return text.replaceAll(/./gsu, swapped);
}

/** `str.casefold()`, one character after the other. */
export function caseFold(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return [...text].map(foldOne).join('');
}

function foldOne(character: string): string {
  if (character === 'ı') return character;
  if (character === 'ẞ') return 'ss';
  // Cherokee folds to its capitals, which are older.
  if (/[\u13a0-\u13fd\uab70-\uabbf]/.test(character)) return character.toUpperCase();
  return character.toUpperCase().toLowerCase();
}

/** `str.islower()`, `str.isupper()`: at least one letter with a case, and none of another. */
export const isLower = (text: string) => /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
export const isUpper = (text: string) => /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);

/** `str.istitle()` */
export function isTitle(text: string): boolean {
  let isInWord = false;
  let hasWord = false;
  for (const character of text) {
    if (/[\p{Uppercase}\p{Lt}]/u.test(character)) {
      if (isInWord) return false;
      isInWord = hasWord = true;
    } else if (/\p{Lowercase}/u.test(character)) {
      if (!isInWord) return false;
    } else isInWord = false;
  }
  return hasWord;
}
