/** The names that a mistyped one most likely means. */

/** Names within a third of their length in edits, or that hold what was typed; the likeliest first. */
export function nearest(name: string, known: readonly string[], count = 3): string[] {
  const typed = name.toLowerCase();
  return known
    .map((each) => ({ each, edits: distance(typed, each.toLowerCase()) }))
    .filter(({ each, edits }) => edits <= Math.max(2, each.length / 3) || (typed.length > 2 && each.toLowerCase().includes(typed)))
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, count)
    .map(({ each }) => each);
}

/** Insertions, deletions, replacements and swaps of neighbours that make one of the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
