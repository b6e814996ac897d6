/** How far results lie from their reference, and where they differ most. */
import { z } from 'zod';

export const agreement = z
  .object({
    max_abs_error: z.number().min(0),
    mean_abs_error: z.number().min(0),
    tolerance: z.number().min(0),
    passed: z.boolean(),
    worst: z
      .object({ output: z.string(), index: z.array(z.int()), expected: z.number().nullable(), actual: z.number().nullable() })
      .nullable()
      .meta({ description: 'Where they differ most; `null` values are not finite.' }),
  })
  .meta({ id: 'Agreement' });

export type Agreement = z.infer<typeof agreement>;

interface Compared {
  name: string;
  shape: readonly number[];
  expected: ArrayLike<number>;
  actual: ArrayLike<number>;
}

/** A value that is not finite on one side only, or NaN on both, is as far away as can be. */
export function agreementOf(outputs: readonly Compared[], tolerance: number): Agreement {
  let [largest, sum, count] = [0, 0, 0];
  let worst: Agreement['worst'] = null;
  let isOff = false;
  for (const { name, shape, expected, actual } of outputs) {
    for (let i = 0; i < expected.length; i++) {
      const [a, b] = [expected[i]!, actual[i] ?? Number.NaN];
      const difference = a === b ? 0 : Math.abs(a - b);
      const isFinite = Number.isFinite(difference);
      if (isFinite) {
        sum += difference;
        count++;
      }
      if (isOff || (isFinite && difference <= largest && worst !== null)) continue;
      isOff = !isFinite;
      largest = isFinite ? difference : Number.MAX_VALUE;
      worst = { output: name, index: indexOf(i, shape), expected: finite(a), actual: finite(b) };
    }
  }
  return {
    max_abs_error: largest,
    mean_abs_error: count > 0 ? sum / count : 0,
    tolerance,
    passed: !isOff && largest <= tolerance,
    worst: largest > 0 ? worst : null,
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function indexOf(place: number, shape: readonly number[]): number[] {
  let rest = place;
  return shape
    .toReversed()
    .map((dim) => {
      const at = rest % dim;
      rest = Math.floor(rest / dim);
      return at;
    })
    .toReversed();
}
