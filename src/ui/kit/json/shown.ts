/** Printed values as text: what stands for something JSON has no word for reads as that thing again. */
import { withMinus } from '../format.ts';

interface Special {
  $type: string;
  [field: string]: unknown;
}

export const isSpecial = (value: unknown): value is Special =>
  typeof value === 'object' && value !== null && '$type' in value && typeof value.$type === 'string';

const TEXTS: Record<string, (value: Special) => string> = {
  tensor: ({ dtype, shape, head, min, max, mean }) => {
    const values = head as unknown[];
    const size = (shape as number[]).reduce((a, b) => a * b, 1);
    const range = min === undefined ? '' : ` in ${String(min)} … ${String(max)}, mean ${String(mean)}`;
    return `${String(dtype)} [${(shape as number[]).join(', ')}]${range}: ${values.join(', ')}${size > values.length ? ', …' : ''}`;
  },
  error: ({ name, message, code }) => `${String(name)}${code ? ` ${String(code)}` : ''}: ${String(message)}`,
  undefined: () => 'undefined',
  bigint: ({ text }) => `${String(text)}n`,
  function: ({ text }) => `function ${String(text) || '(anonymous)'}`,
  cycle: () => '(itself again)',
  more: ({ count, text }) => `… ${text === undefined ? `${Number(count).toLocaleString('en')} more` : String(text)}`,
  map: ({ size }) => `Map of ${String(size)}`,
  set: ({ size }) => `Set of ${String(size)}`,
};

export const specialText = (value: Special): string => TEXTS[value.$type]?.(value) ?? String(value['text'] ?? value.$type);

/** The value with its specials as text, for the tree. Maps and sets keep their contents. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  if (isSpecial(value)) {
    const contents = value['entries'] ?? value['values'];
    return contents === undefined ? specialText(value) : { [specialText(value)]: readable(contents) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
}

/** Longer values are shown as a tree. */
const INLINE_LIMIT = 160;

/** The value in one line, or null where that is too long to read. */
export function inline(value: unknown): string | null {
  const text = write(value, INLINE_LIMIT);
  return text.length <= INLINE_LIMIT ? text : null;
}

/** As in source code; gives up once it is longer than `limit`. */
function write(value: unknown, limit: number): string {
  if (isSpecial(value))
    return value['entries'] === undefined && value['values'] === undefined
      ? specialText(value)
      : `${specialText(value)} ${write(value['entries'] ?? value['values'], limit)}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const parts: string[] = [];
  let length = 0;
  for (const [key, item] of Object.entries(value)) {
    const text = Array.isArray(value) ? write(item, limit) : `${/^[\w$]+$/.test(key) ? key : JSON.stringify(key)}: ${write(item, limit)}`;
    parts.push(text);
    length += text.length + 2;
    if (length > limit) break;
  }
  return parts.length === 0 ? open.trim() + close.trim() : open + parts.join(', ') + close;
}

/** A cell of a table, as it is copied: numbers with four significant digits, the rest in one line. */
export function cellText(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? value.toLocaleString('en', { maximumFractionDigits: 0 }) : written(value);
  if (typeof value === 'string') return value;
  return write(value, 300);
}

/** For people to read: what is copied has a hyphen for a minus. */
export const formatNumber = (value: number): string => withMinus(written(value));

function written(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return value.toLocaleString('en', { maximumSignificantDigits: size >= 1000 ? 6 : 4 });
}
