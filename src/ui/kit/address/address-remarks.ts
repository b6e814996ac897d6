/** What of the part of an address after `?` says nothing here, in sentences: names that nobody reads, names that stand twice, escapes that are broken. */
import { unescaped } from './hash-location.ts';
import { linkedText } from './linked-text.ts';

export const BROKEN_ESCAPES = 'The link was cut off or changed on its way: some of its characters can’t be read.';

interface Read {
  /** Each is read once. */
  names: readonly string[];
  /** Each may stand several times. */
  several?: readonly string[];
  /** Whose parameters they are: `the playground`. */
  of: string;
}

/** What of the part before `?` can't be read. */
export const pathRemarks = (path: string): string[] => (unescaped(path) === null ? [BROKEN_ESCAPES] : []);

export function addressRemarks(search: string, { names, several = [], of }: Read): string[] {
  const given = new URLSearchParams(search);
  const counts = new Map<string, number>();
  for (const name of given.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const remarks = unescaped(search) === null ? [BROKEN_ESCAPES] : [];
  for (const [name, count] of counts) {
    if (names.includes(name)) {
      if (count > 1) remarks.push(`${name} stands in the link ${count === 2 ? 'twice' : `${count} times`}; the first is used.`);
    } else if (!several.includes(name)) remarks.push(`“${linkedText(name)}” is no parameter of ${of}: it was left out.`);
  }
  return remarks;
}
