/** Expected against actual as lines to read: what differs stands out, what is equal folds away. */
import { isObject, type Json, sameLeaf, step } from '../../contract/differences.ts';

export type DiffLine =
  | { kind: 'equal'; depth: number; path: string; label: string; value: unknown }
  | { kind: 'differs'; depth: number; path: string; label: string; expected: unknown; actual: unknown; note?: string }
  | { kind: 'open'; depth: number; path: string; label: string; note?: string }
  | { kind: 'fold'; depth: number; path: string; text: string };

/** Equal neighbours shown beside an item that differs. */
const CONTEXT = 2;
/** Shorter runs of equal items are not worth a fold. */
const FOLD_FROM = 4;
/** Enough of a wrong tensor. */
export const MOST_LINES = 200;

/** The lines of a diff; at most `MOST_LINES` of them, with a last one that says how it was cut. */
export function diffLines(expected: unknown, actual: unknown, tolerance: number): DiffLine[] {
  const lines: DiffLine[] = [];
  compare(expected, actual, '', '', 0);
  return lines.length <= MOST_LINES
    ? lines
    : [
        ...lines.slice(0, MOST_LINES),
        { kind: 'fold', depth: 0, path: '', text: `${(lines.length - MOST_LINES).toLocaleString('en')} more lines` },
      ];

  function compare(want: unknown, got: unknown, path: string, label: string, depth: number): void {
    if (Array.isArray(want) && Array.isArray(got)) return compareArrays(want, got, path, label, depth);
    if (isObject(want) && isObject(got)) return compareObjects(want, got, path, label, depth);
    if (!isBranch(want) && sameLeaf(want, got, tolerance)) lines.push({ kind: 'equal', depth, path, label, value: got });
    else lines.push({ kind: 'differs', depth, path, label, expected: want, actual: got, ...noteOn(want, got, tolerance) });
  }

  function compareObjects(want: Json, got: Json, path: string, label: string, depth: number): void {
    const inner = label === '' ? depth : depth + 1;
    if (label !== '') lines.push({ kind: 'open', depth, path, label });
    for (const [key, value] of Object.entries(want)) compare(value, got[key], path + step(key), key, inner);
    const unchecked = Object.keys(got).filter((key) => !(key in want));
    if (unchecked.length > 0) {
      const named = unchecked.slice(0, 4).join(', ') + (unchecked.length > 4 ? ', …' : '');
      lines.push({ kind: 'fold', depth: inner, path, text: `${plural(unchecked.length, 'field')} not checked: ${named}` });
    }
  }

  function compareArrays(want: readonly unknown[], got: readonly unknown[], path: string, label: string, depth: number): void {
    const length = Math.max(want.length, got.length);
    const equal = Array.from(
      { length },
      (_, index) => index < want.length && index < got.length && same(want[index], got[index], tolerance),
    );
    if (equal.every(Boolean)) {
      lines.push({ kind: 'equal', depth, path, label, value: got });
      return;
    }
    const lengths = want.length === got.length ? {} : { note: `expected ${plural(want.length, 'item')}, got ${got.length}` };
    lines.push({ kind: 'open', depth, path, label: label || '[ ]', ...lengths });
    for (const { from, to, folded } of stretches(equal)) {
      if (folded) {
        lines.push({ kind: 'fold', depth: depth + 1, path: path + step(from), text: `${to - from} equal items` });
        continue;
      }
      for (let index = from; index < to; index++) {
        const at = path + step(index);
        if (index >= want.length)
          lines.push({
            kind: 'differs',
            depth: depth + 1,
            path: at,
            label: `${index}`,
            expected: undefined,
            actual: got[index],
            note: 'not expected',
          });
        else compare(want[index], got[index], at, `${index}`, depth + 1);
      }
    }
  }
}

interface Stretch {
  from: number;
  to: number;
  folded: boolean;
}

/** Parts of an array to show and to fold, so that each item that differs keeps some equal neighbours. */
export function stretches(equal: readonly boolean[]): Stretch[] {
  const near = equal.map((_, index) => equal.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((same) => !same));
  const parts: Stretch[] = [];
  for (let from = 0; from < equal.length;) {
    const shown = near[from]!;
    let to = from;
    while (to < equal.length && near[to] === shown) to++;
    const folded = !shown && to - from >= FOLD_FROM;
    const last = parts.at(-1);
    if (last && !folded && !last.folded) last.to = to;
    else parts.push({ from, to, folded });
    from = to;
  }
  return parts;
}

const isBranch = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Whether all of `want` is in `got`. */
function same(want: unknown, got: unknown, tolerance: number): boolean {
  if (Array.isArray(want))
    return Array.isArray(got) && got.length === want.length && want.every((item, index) => same(item, got[index], tolerance));
  if (isObject(want)) return isObject(got) && Object.entries(want).every(([key, value]) => same(value, got[key], tolerance));
  return sameLeaf(want, got, tolerance);
}

function noteOn(want: unknown, got: unknown, tolerance: number): { note?: string } {
  if (got === undefined) return { note: 'missing' };
  if (typeof want !== 'number' || typeof got !== 'number') return {};
  // Ids and counts are right or wrong, not near.
  if (tolerance === 0 && Number.isInteger(want) && Number.isInteger(got)) return {};
  const off = Math.abs(want - got);
  return { note: `off by ${Number(off.toPrecision(3))}, allowed ${tolerance}` };
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
