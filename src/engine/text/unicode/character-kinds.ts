/** What the stages of the Rust library take a character for; its crates know other versions of Unicode than browsers do. */
import { CodePointSet, codePointMap } from './code-points.ts';
import * as tables from './rust-tables.ts';

export const word = new CodePointSet(tables.WORD);
export const punctuation = new CodePointSet(tables.PUNCTUATION);
export const numeric = new CodePointSet(tables.NUMERIC);
export const mark = new CodePointSet(tables.MARK);
export const nonspacingMark = new CodePointSet(tables.NONSPACING_MARK);
export const control = new CodePointSet(tables.CONTROL);
/** What a normalization form takes apart, or puts into an order; all else stands for itself. */
export const normalized = new CodePointSet(tables.NORMALIZED);

const lower = codePointMap(tables.LOWER);

/** The lower case of one character, which may be two. */
export const lowerCaseOf = (character: string): string => (character === 'İ' ? 'i̇' : (lower.get(character) ?? character));
