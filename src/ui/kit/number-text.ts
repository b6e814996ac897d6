/** Numbers as JSON or a person writes them: `.5`, `1.0`, `1e-4`, `+3`, `−2`. */

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

/** A list of them as people paste it: commas, spaces, brackets. `undefined` where something in it is no number. */
export function parseNumbers(text: string): number[] | undefined {
  const numbers = text
    .replaceAll(/[[\],;]/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .map(parseNumber);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}
