/** How everything here is measured: sides take turns, so that what else the machine does hits all of them alike; medians are what counts. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Threads of a runtime spin for a while after a run, and would take the processor from the side that is next. */
const REST_MS = 150;

/** A B C, A B C, …: the figures of each side by round. One round goes before, to warm up, and is not counted. */
export async function inTurns<Sides extends Partial<Record<string, (round: number) => Promise<number>>>>(
  rounds: number,
  sides: Sides,
): Promise<{ [Side in keyof Sides]: number[] }> {
  const entries = Object.entries(sides) as [keyof Sides, (round: number) => Promise<number>][];
  const figures = Object.fromEntries(entries.map(([name]) => [name, [] as number[]])) as { [Side in keyof Sides]: number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of entries) {
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
      const figure = await measure(round);
      if (round > 0) figures[name]!.push(figure);
    }
  }
  return figures;
}

/** Token ids that no other seed gives, so that no prefix is found in a cache by chance; 0 is left out, the end of sequence of many models. */
export function tokenIds(seed: number, length: number, vocabSize: number): number[] {
  return Array.from({ length }, (_, i) => {
    let z = Math.imul((seed + 1) ^ Math.imul(i + 1, 0x9e3779b1), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return 1 + (((z ^ (z >>> 16)) >>> 1) % (vocabSize - 1));
  });
}
