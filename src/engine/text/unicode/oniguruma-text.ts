/** A text in which each character is of the category that it has for Oniguruma: where a browser has another, one of that category stands in its place. */
import { CodePointSet } from './code-points.ts';
import { ADDED, UNASSIGNED } from './rust-tables.ts';

/** Never characters, of one code unit and of two. */
const NONE = ['\ufdd0', '\u{1ffff}'] as const;
/** Beyond lie planes without characters. */
const PLANES = 0x40000;

interface Strange {
  readonly expression: RegExp;
  readonly standIns: ReadonlyMap<string, string>;
}

let strange: Strange | null | undefined;

/** As long as the text. */
export function asOnigurumaSees(text: string): string {
  strange ??= findStrange();
  if (!strange) return text;
  const { expression, standIns } = strange;
  return text.replace(expression, (character) => standIns.get(character)!);
}

/** Once for a browser. */
function findStrange(): Strange | null {
  const standIns = new Map<string, string>();
  for (const character of charactersOf(UNASSIGNED).match(/\P{Cn}/gu) ?? []) standIns.set(character, NONE[character.length - 1]!);
  for (const [category, table] of Object.entries(ADDED)) {
    const found = charactersOf(table).match(new RegExp(`\\P{${category}}`, 'gu'));
    for (const character of found ?? []) standIns.set(character, oldest(category, character.length));
  }
  if (standIns.size === 0) return null;
  return { expression: new RegExp(`[${[...standIns.keys()].join('')}]`, 'gu'), standIns };
}

function charactersOf(table: string): string {
  let text = '';
  for (const point of new CodePointSet(table).points()) {
    if (point >= PLANES) break;
    text += String.fromCodePoint(point);
  }
  return text;
}

/** One of the category that every browser knows, a Chinese one of those that have two code units. */
function oldest(category: string, length: number): string {
  const ofCategory = new RegExp(`^\\p{${category}}`, 'u');
  for (const start of length === 1 ? [0x100] : [0x20000, 0x10000]) {
    for (let point = start; point < start + 0x10000 - length; point++) {
      const character = String.fromCodePoint(point);
      if (ofCategory.test(character)) return character;
    }
  }
  return NONE[length - 1]!;
}
