/** Ranks what Ctrl-K finds: every word must stand somewhere in an entry, the nearer to the beginning of its name the better. */

export interface SearchEntry {
  id: string;
  label: string;
  description?: string;
  /** Found by, and not shown. */
  keywords?: string;
  run: () => void;
}

export interface SearchGroup<E extends SearchEntry = SearchEntry> {
  group: string;
  /** Shown before anything is typed. */
  first?: boolean;
  entries: readonly E[];
}

/** Of a group; what is further down is found by another letter. */
const SHOWN = 8;

export function found<E extends SearchEntry>(groups: readonly SearchGroup<E>[], query: string): SearchGroup<E>[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups.filter(({ first }) => first);
  return groups
    .map(({ group, entries }) => {
      const scored = entries.flatMap((entry) => {
        const score = scoreOf(entry, words);
        return score === null ? [] : [{ entry, score }];
      });
      // Sorting keeps the order of equals.
      scored.sort((a, b) => a.score - b.score);
      return { group, best: scored[0]?.score ?? Infinity, entries: scored.slice(0, SHOWN).map(({ entry }) => entry) };
    })
    .filter(({ entries }) => entries.length > 0)
    .toSorted((a, b) => a.best - b.best)
    .map(({ group, entries }) => ({ group, entries }));
}

/** 0 for the name itself; null where a word is missing. */
function scoreOf({ label, description = '', keywords = '' }: SearchEntry, words: readonly string[]): number | null {
  const name = label.toLowerCase();
  const rest = `${description} ${keywords}`.toLowerCase();
  const parts = name.split(/[^\p{L}\p{N}]+/u);
  let score = name === words.join(' ') ? 0 : 1;
  for (const word of words) {
    if (parts.includes(word)) continue;
    if (parts.some((part) => part.startsWith(word))) score += 1;
    else if (name.includes(word)) score += 2;
    else if (rest.includes(word)) score += 4;
    else return null;
  }
  return score;
}
