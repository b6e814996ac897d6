/** Ranks what Ctrl-K finds: every word must stand somewhere in an entry, the nearer to the beginning of its name the better. */

export interface SearchEntry {
  id: string;
  label: string;
  description?: string;
  /** Found by, and not shown. */
  keywords?: string;
  /** What others call it. */
  otherNames?: readonly string[];
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

interface Texts {
  name: string;
  parts: readonly string[];
  otherNames: readonly string[];
  rest: string;
}

/** Made once for each entry: a key press only compares. */
const prepared = new WeakMap<SearchEntry, Texts>();

function textsOf(entry: SearchEntry): Texts {
  const known = prepared.get(entry);
  if (known) return known;
  const { label, description = '', keywords = '', otherNames = [] } = entry;
  const name = label.toLowerCase();
  const texts = {
    name,
    parts: name.split(/[^\p{L}\p{N}]+/u),
    otherNames: otherNames.map((each) => each.toLowerCase()),
    rest: `${description} ${keywords} ${otherNames.join(' ')}`.toLowerCase(),
  };
  prepared.set(entry, texts);
  return texts;
}

/** 0 for the name itself; null where a word is missing. */
function scoreOf(entry: SearchEntry, words: readonly string[]): number | null {
  const { name, parts, otherNames, rest } = textsOf(entry);
  const asked = words.join(' ');
  if (otherNames.includes(asked)) return 0.5;
  // A field's own name is what follows the last dot of its path.
  let score = name === asked || name.endsWith(`.${asked}`) ? 0 : 1;
  for (const word of words) {
    if (parts.includes(word)) continue;
    if (parts.some((part) => part.startsWith(word))) score += 1;
    else if (name.includes(word)) score += 2;
    else if (rest.includes(word)) score += 4;
    else return null;
  }
  return score;
}
