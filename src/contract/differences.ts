/** Where an answer differs from what is expected: objects by the keys given, numbers within a tolerance. */

export interface Difference {
  /** JSON Pointer into the output. */
  path: string;
  expected: unknown;
  actual: unknown;
}

/** Listed at most; a wrong tensor has thousands. */
const MOST = 20;

export type Json = Record<string, unknown>;
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A step of a JSON Pointer (RFC 6901). */
export const step = (key: string | number): string => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export function sameLeaf(expected: unknown, actual: unknown, tolerance: number): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') return Math.abs(expected - actual) <= tolerance;
  return Object.is(expected, actual);
}

/** The first differences; none: the answer contains what is expected. */
export function differences(expected: unknown, actual: unknown, tolerance: number): Difference[] {
  const found: Difference[] = [];
  walk(expected, actual, '');
  return found;

  function walk(want: unknown, got: unknown, path: string): void {
    if (found.length >= MOST) return;
    if (Array.isArray(want)) {
      if (!Array.isArray(got) || got.length !== want.length) found.push({ path, expected: want, actual: got });
      else want.forEach((item, index) => walk(item, got[index], path + step(index)));
    } else if (isObject(want)) {
      if (typeof got !== 'object' || got === null) found.push({ path, expected: want, actual: got });
      else for (const [key, value] of Object.entries(want)) walk(value, (got as Json)[key], path + step(key));
    } else if (!sameLeaf(want, got, tolerance)) {
      found.push({ path, expected: want, actual: got });
    }
  }
}

/** Fields that name a call, a moment or a duration: two right answers differ in them. */
const VOLATILE = /^(id|request_id|seed|timestamp|.*_ms|.*_at|.*_per_second|gflops|cv|roofline_share|kv_utilization|kept|block_ids)$/;

/** A file in an answer, such as the runs of an experiment for other tools. */
interface TextFile {
  media_type: string;
  content: string;
}

const isTextFile = (value: object): value is TextFile => 'media_type' in value && 'content' in value && typeof value.content === 'string';

/** The records of JSON lines, or the columns of a table: its rows are figures. */
const contentOf = ({ media_type, content }: TextFile): unknown =>
  media_type === 'application/jsonl'
    ? content.split('\n').flatMap((line) => (line === '' ? [] : [lasting(JSON.parse(line))]))
    : content.split('\n', 1);

/** The value without what differs from call to call by its nature. */
export function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (!isObject(value)) return value;
  if (isTextFile(value)) return { ...value, content: contentOf(value) };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VOLATILE.test(key))
      .map(([key, item]) => [key, lasting(item)]),
  );
}
