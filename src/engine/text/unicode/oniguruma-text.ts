/** A text in which each character is of the category that it has for Oniguruma: where a browser has another, one of that category stands in its place. */
import { CodePointSet } from './code-points.ts';
import { ADDED, UNASSIGNED } from './rust-tables.ts';

/** Never characters, of one code unit and of two. */
const NONE = ['\ufdd0', '\u{1ffff}'] as const;
/** Beyond lie planes without characters. */
const PLANES = 0x40000;

/** All characters before are the same for all. */
const FIRST = 0x295;

let standIns: ReadonlyMap<number, string> | undefined;

/** As long as the text. WebKit takes others too for members of a large class, hence no expression looks for them. */
export function asOnigurumaSees(text: string): string {
  standIns ??= findStandIns();
  if (standIns.size === 0) return text;
  let seen = '';
  let kept = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < FIRST) continue;
    const point = text.codePointAt(at)!;
    const standIn = standIns.get(point);
    const start = at;
    if (point > 0xffff) at++;
    if (standIn === undefined) continue;
    seen += text.slice(kept, start) + standIn;
    kept = at + 1;
  }
  return kept === 0 ? text : seen + text.slice(kept);
}

/** Once for a browser. */
function findStandIns(): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const find = (category: string, table: string, standIn: (length: number) => string) => {
    const isSame = new RegExp(`^\\p{${category}}$`, 'u');
    const standInOf = [standIn(1), standIn(2)];
    for (const point of new CodePointSet(table).points()) {
      if (point >= PLANES) break;
      const character = String.fromCodePoint(point);
      if (!isSame.test(character)) found.set(point, standInOf[character.length - 1]!);
    }
  };
  find('Cn', UNASSIGNED, (length) => NONE[length - 1]!);
  for (const [category, table] of Object.entries(ADDED)) find(category, table, (length) => oldest(category, length));
  return found;
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
