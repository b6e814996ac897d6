/** What the tree decides about a value without rendering it: leaf, row or branch, how to sum it up, which children come first. */

type View = ArrayLike<number | bigint>;

const isView = (value: unknown): value is View => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** Something without inner structure to open. */
export function isLeaf(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Blob) return true;
  if (isView(value)) return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** Arrays of numbers, booleans or short strings read best in one wrapped line. */
export function isRow(value: unknown): value is ArrayLike<unknown> {
  if (isView(value)) return true;
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < Math.min(value.length, 64); i++) {
    const item: unknown = value[i];
    if (typeof item === 'string' ? item.length > 24 : typeof item === 'object' && item !== null) return false;
  }
  return true;
}

export function numbersPreview(value: ArrayLike<unknown>, limit: number): { items: unknown[]; rest: number } {
  const items: unknown[] = [];
  for (let i = 0; i < Math.min(limit, value.length); i++) items.push(value[i]);
  return { items, rest: Math.max(0, value.length - limit) };
}

/** The first `limit` children by name, and how many are left. */
export function childrenOf(value: unknown, limit: number): { entries: [string, unknown][]; rest: number } {
  if (typeof value !== 'object' || value === null) return { entries: [], rest: 0 };
  if (Array.isArray(value)) {
    return { entries: value.slice(0, limit).map((item: unknown, index) => [String(index), item]), rest: Math.max(0, value.length - limit) };
  }
  const keys = Object.keys(value);
  const record = value as Record<string, unknown>;
  return { entries: keys.slice(0, limit).map((key) => [key, record[key]]), rest: Math.max(0, keys.length - limit) };
}

/** "[12]", "float32 [1, 512]", "{ 8 fields }"; closed, the first plain values instead: `id: "gen_1", state: "finished", …`. */
export function summary(value: unknown, open: boolean): string {
  if (Array.isArray(value)) return `[${value.length.toLocaleString('en')}]`;
  if (typeof value !== 'object' || value === null) return '';
  const record = value as Record<string, unknown>;
  if (typeof record['dtype'] === 'string' && Array.isArray(record['shape'])) return `${record['dtype']} [${record['shape'].join(', ')}]`;
  const keys = Object.keys(record);
  if (!open) return preview(record, keys);
  return keys.length <= 4 ? `{ ${keys.join(', ')} }` : `{ ${keys.length} fields }`;
}

function preview(record: Record<string, unknown>, keys: readonly string[]): string {
  const plain = keys.filter((key) => isLeaf(record[key])).slice(0, 3);
  const parts = plain.map((key) => `${key}: ${shorten(JSON.stringify(record[key]) ?? 'nothing')}`);
  if (plain.length < keys.length) parts.push('…');
  return `{ ${parts.join(', ')} }`;
}

const shorten = (text: string): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text);

/** Small things and the top are open at first; what is big or deep waits for a click. */
export function opensAtFirst(value: unknown, depth: number): boolean {
  if (depth === 0) return true;
  if (typeof value !== 'object' || value === null) return false;
  const size = Object.keys(value).length;
  return depth < 2 ? Array.isArray(value) || size <= 32 : depth < 4 && size <= 12;
}
