/** Whether a plan gave the tokens that it must give, and where it did not. */
export interface Difference {
  sequence: number;
  /** Of the first token that differs. */
  at: number;
  actual: number | null;
  expected: number | null;
}

/** The first difference of each sequence that differs; a token too many or too few is one. */
export function differencesOf(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): Difference[] {
  const differences: Difference[] = [];
  for (let sequence = 0; sequence < Math.max(actual.length, expected.length); sequence++) {
    const [a, b] = [actual[sequence] ?? [], expected[sequence] ?? []];
    for (let at = 0; at < Math.max(a.length, b.length); at++) {
      if (a[at] === b[at]) continue;
      differences.push({ sequence, at, actual: a[at] ?? null, expected: b[at] ?? null });
      break;
    }
  }
  return differences;
}
