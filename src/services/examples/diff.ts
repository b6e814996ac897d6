/** Where an actual value departs from what an example expects: objects by the keys given, numbers within a tolerance. */

export interface Difference {
  /** JSON Pointer into the output. */
  path: string;
  expected: unknown;
  actual: unknown;
}

/** Differences listed at most; a wrong tensor has thousands. */
const MOST = 20;

export function diffExpected(expected: unknown, actual: unknown, tolerance: number): Difference[] {
  const differences: Difference[] = [];
  walk(expected, actual, '');
  return differences;

  function walk(want: unknown, got: unknown, path: string): void {
    if (differences.length >= MOST) return;
    if (Array.isArray(want)) {
      if (!Array.isArray(got) || got.length !== want.length) differences.push({ path, expected: want, actual: got });
      else want.forEach((item, i) => walk(item, got[i], `${path}/${i}`));
    } else if (typeof want === 'object' && want !== null) {
      if (typeof got !== 'object' || got === null) differences.push({ path, expected: want, actual: got });
      else for (const [key, value] of Object.entries(want)) walk(value, (got as Record<string, unknown>)[key], `${path}/${key}`);
    } else if (typeof want === 'number' && typeof got === 'number') {
      if (!(Math.abs(want - got) <= tolerance)) differences.push({ path, expected: want, actual: got });
    } else if (!Object.is(want, got)) {
      differences.push({ path, expected: want, actual: got });
    }
  }
}
