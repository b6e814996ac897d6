/** Which characters are the same where case does not count, as Oniguruma has it. */
import { codePointMap } from './code-points.ts';
import { FOLD } from './rust-tables.ts';

const folds = codePointMap(FOLD);
const alike = new Map<string, string[]>();
for (const [from, to] of folds) {
  const known = alike.get(to);
  if (known) known.push(from);
  else alike.set(to, [to, from]);
}

export const foldOf = (character: string): string => folds.get(character) ?? character;
/** With the character itself. */
export const alikeOf = (character: string): readonly string[] => alike.get(foldOf(character)) ?? [character];
/** All groups of more than one. */
export const alikes: readonly (readonly string[])[] = [...alike.values()];

/** Where the characters lie that are the same as several: ß and ss. */
const MANY = [
  [0xdf, 0x590],
  [0x1e90, 0x2000],
  [0xfb00, 0xfb20],
] as const;

function manyOf(character: string): string {
  const folded = character.toLowerCase().toUpperCase().toLowerCase();
  return Array.from(folded, foldOf).join('');
}

/** Characters that are the same as several, with these. */
export const severals: ReadonlyMap<string, string> = new Map(
  MANY.flatMap(([start, end]) => Array.from({ length: end - start }, (_, index) => String.fromCodePoint(start + index)))
    .map((character) => [character, manyOf(character)] as const)
    .filter(([, folded]) => Array.from(folded).length > 1),
);
