/** Numbers as JSON or a person writes them: `.5`, `1.0`, `1e-4`, `+3`, `−2`. */

import type { z } from 'zod';
import { faultOf } from '../../../contract/index.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** `undefined` where the text is no number, or none that can be held. */
export function parseNumber(text: string): number | undefined {
  const plain = text
    .trim()
    .replace(/^\u2212/, '-')
    .replace(/(e)\u2212/i, '$1-');
  const number = NUMBER.test(plain) ? Number(plain) : Number.NaN;
  if (!Number.isFinite(number)) return undefined;
  // Digits that a double has no room for would be changed in silence.
  return /^[+-]?\d+$/.test(plain) && !Number.isSafeInteger(number) ? undefined : number;
}

/** What stands in a number's field: the number, or why the type does not take it, in the words in which the API says it. */
export function readNumber(type: z.ZodType, text: string): { value: number } | { fault: string } {
  const written = text.trim();
  const value = parseNumber(written);
  const fault = faultOf(type, value ?? (written === '' ? undefined : written));
  return fault === null && value !== undefined ? { value } : { fault: fault ?? 'must be a number.' };
}

/** A list of them as people paste it: commas, spaces, brackets. `undefined` where something in it is no number. */
export function parseNumbers(text: string): number[] | undefined {
  const numbers = text
    .replaceAll(/[[\],;]/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .map(parseNumber);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}
