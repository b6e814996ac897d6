/** How far two runs of a model lie apart: differences of tensors, and the first place where two texts part. */

/** What stands in JSON for a distance without an end. */
export const MAX_FLOAT32 = 3.4028234663852886e38;

export interface Difference {
  max: number;
  mean: number;
}

/** Over all elements. A value that is NaN on one side only, or a different number of values, counts as infinitely far. */
export function differenceOf(before: ArrayLike<number>, after: ArrayLike<number>): Difference {
  if (before.length !== after.length) return { max: Infinity, mean: Infinity };
  let max = 0;
  let sum = 0;
  for (let i = 0; i < before.length; i++) {
    const [a, b] = [before[i]!, after[i]!];
    if (Object.is(a, b)) continue;
    const distance = Math.abs(a - b);
    const apart = Number.isNaN(distance) ? Infinity : distance;
    if (apart > max) max = apart;
    sum += apart;
  }
  return { max, mean: before.length > 0 ? sum / before.length : 0 };
}

/** Index of the first element in which two lists differ; where one is the other's beginning, its length; null when they are equal. */
export function firstDifference<T>(before: readonly T[], after: readonly T[]): number | null {
  const shared = Math.min(before.length, after.length);
  for (let i = 0; i < shared; i++) if (before[i] !== after[i]) return i;
  return before.length === after.length ? null : shared;
}

/** Share of rows whose largest value stands at the same place. Rows of `width`. */
export function topAgreement(before: ArrayLike<number>, after: ArrayLike<number>, width: number): number {
  const rows = width > 0 ? Math.floor(before.length / width) : 0;
  if (rows === 0 || before.length !== after.length) return 0;
  let same = 0;
  for (let row = 0; row < rows; row++) if (best(before, row * width, width) === best(after, row * width, width)) same++;
  return same / rows;
}

function best(values: ArrayLike<number>, start: number, width: number): number {
  let at = 0;
  for (let i = 1; i < width; i++) if (values[start + i]! > values[start + at]!) at = i;
  return at;
}

/** The largest magnitude, by which a tolerance is scaled. */
function largest(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > max) max = size;
  }
  return max;
}

/** Of the largest value of the one that is compared with, or of 1: another order of summation stays below it. */
const TOLERANCE = 1e-4;

/** Whether values of a computation are others, by more than rounding, and how far the farthest is off. */
export function divergenceOf(before: ArrayLike<number>, after: ArrayLike<number>): { diverges: boolean; max: number } {
  const { max } = differenceOf(before, after);
  return { diverges: max > TOLERANCE * Math.max(1, largest(before)), max };
}
