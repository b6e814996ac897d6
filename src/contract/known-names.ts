/** The name that was meant by one that is not known: a misspelling, another way of writing it, or what others call the field. */
import { z } from 'zod';

/** Where a field's other names stand, in its metadata and in the JSON Schema made of it. */
export const ALSO_CALLED = 'x-also-called';

/** For a field's `.meta`: names of the same thing in OpenAI's API, vLLM, transformers, llama.cpp. Who sends one is told ours. */
export const alsoCalled = (...names: string[]): Record<string, unknown> => ({ [ALSO_CALLED]: names });

/** The field that was meant by a name that `fields` does not have. */
export function fieldMeant(name: string, fields: Readonly<Record<string, z.ZodType>>): string | null {
  const plain = plainly(name);
  for (const [field, type] of Object.entries(fields)) if (otherNamesOf(type).some((other) => plainly(other) === plain)) return field;
  return closest(name, Object.keys(fields));
}

/** The nearest of the names, where it is near enough to have been meant. */
export function closest(name: string, names: readonly string[]): string | null {
  const plain = plainly(name);
  const allowed = Math.min(3, Math.floor(plain.length / 3));
  const near = names
    .map((candidate) => ({ candidate, distance: editDistance(plain, plainly(candidate)) }))
    .filter(({ distance }) => distance <= allowed)
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.candidate ?? null;
}

function otherNamesOf(type: z.ZodType): readonly string[] {
  const own = type.meta()?.[ALSO_CALLED];
  if (Array.isArray(own)) return own as string[];
  return type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodNullable
    ? otherNamesOf(type.unwrap() as z.ZodType)
    : [];
}

/** `maxNewTokens`, `max-new-tokens` and `max_new_tokens` are one name. */
const plainly = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[_\s-]/g, '')
    .slice(0, 64);

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
