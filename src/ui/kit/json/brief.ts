/** Values in few characters of JSON; two that differ from where they differ. */
import { firstDifference } from '../../../contract/value-difference.ts';

const LIMIT = 160;
/** Of a beginning that two long texts share, as much is told. */
const LEAD = 12;

export const brief = (value: unknown, limit = LIMIT): string => cut(textOf(value), 0, limit);

export function briefPair(a: unknown, b: unknown, limit = LIMIT): [string, string] {
  const [left, right] = [textOf(a), textOf(b)];
  const at = firstDifference([...left], [...right]) ?? 0;
  const from = at + LEAD < limit ? 0 : at - LEAD;
  return [cut(left, from, limit), cut(right, from, limit)];
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** By characters, so that none is cut in two. */
function cut(text: string, from: number, limit: number): string {
  const characters = [...text];
  const start = from > 0 ? '…' : '';
  const rest = characters.length - from + start.length > limit;
  return start + characters.slice(from, rest ? from + limit - 1 - start.length : undefined).join('') + (rest ? '…' : '');
}
