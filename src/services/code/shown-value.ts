/** What a script shows, made plain: JSON of bounded size, so that a model's logits can be printed and every transport gives the same. */
import { ApiError, type Tensor, type TensorData, tensorData } from '../../contract/index.ts';
import { messageOf } from '../../environment/thrown.ts';

/** Values in one print: containers and leaves together. */
const MAX_VALUES = 2000;
const MAX_DEPTH = 8;
const MAX_TEXT = 20_000;
/** Items of one list or fields of one object. */
const MAX_ITEMS = 500;
/** Values of a tensor that are shown. */
const HEAD = 8;

type Numbers = TensorData | Int16Array | Uint16Array | Uint8ClampedArray;

const DTYPES: Record<string, string> = { Float64Array: 'float64', Float32Array: 'float32', Float16Array: 'float16' };

/** A JSON value. What JSON has no word for is `{ $type, … }`. */
export function shown(value: unknown): unknown {
  let budget = MAX_VALUES;
  const above: unknown[] = [];
  return visit(value);

  function visit(item: unknown): unknown {
    budget--;
    if (typeof item === 'object' && item !== null) return visitObject(item);
    if (typeof item === 'string') return item.length <= MAX_TEXT ? item : `${item.slice(0, MAX_TEXT)}… (${item.length} characters)`;
    if (typeof item === 'number') return Number.isFinite(item) ? item + 0 : { $type: 'number', text: String(item) };
    if (typeof item === 'bigint') return { $type: 'bigint', text: String(item) };
    if (typeof item === 'undefined') return { $type: 'undefined' };
    if (typeof item === 'function') return { $type: 'function', text: item.name };
    if (typeof item === 'symbol') return { $type: 'symbol', text: String(item) };
    return item;
  }

  function visitObject(item: object): unknown {
    if (above.includes(item)) return { $type: 'cycle' };
    const special = describe(item);
    if (special) return special;
    if (above.length >= MAX_DEPTH) return { $type: 'more', text: Array.isArray(item) ? `a list of ${item.length}` : 'an object' };
    above.push(item);
    try {
      if (Array.isArray(item)) return list(item, item.length);
      if (item instanceof Map) return { $type: 'map', size: item.size, entries: list(item, item.size) };
      if (item instanceof Set) return { $type: 'set', size: item.size, values: list(item, item.size) };
      return fields(item);
    } finally {
      above.pop();
    }
  }

  function list(items: Iterable<unknown>, length: number): unknown[] {
    const result: unknown[] = [];
    for (const item of items) {
      if (result.length >= MAX_ITEMS || budget <= 0) {
        result.push({ $type: 'more', count: length - result.length });
        break;
      }
      result.push(visit(item));
    }
    return result;
  }

  function fields(item: object): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const keys = Object.keys(item);
    let taken = 0;
    for (const key of keys) {
      if (taken >= MAX_ITEMS || budget <= 0) {
        result['…'] = { $type: 'more', count: keys.length - taken };
        break;
      }
      taken++;
      try {
        result[key] = visit((item as Record<string, unknown>)[key]);
      } catch (error) {
        result[key] = { $type: 'error', name: 'Error', message: `reading it failed: ${messageOf(error)}` };
      }
    }
    return result;
  }
}

/** Objects that are shown as one thing. */
function describe(item: object): unknown {
  if (isNumbers(item))
    return tensor(item, [item.length], DTYPES[item.constructor.name] ?? item.constructor.name.replace('Array', '').toLowerCase());
  const known = asTensor(item);
  if (known) return tensor(known.data, known.shape, known.dtype);
  if (item instanceof Error)
    return { $type: 'error', name: item.name, message: item.message, ...(item instanceof ApiError && { code: item.code }) };
  if (item instanceof Date) return { $type: 'date', text: Number.isNaN(item.getTime()) ? 'Invalid Date' : item.toISOString() };
  if (item instanceof Promise) return { $type: 'promise', text: 'a promise; `await` gives its value' };
  if (item instanceof RegExp || item instanceof URL) return String(item);
  const plain = Array.isArray(item) || item instanceof Map || item instanceof Set || Object.keys(item).length > 0;
  const { constructor } = item as { constructor?: { name?: string } };
  return plain || !constructor?.name || constructor.name === 'Object' ? null : { $type: 'object', text: constructor.name };
}

export function isNumbers(value: unknown): value is Numbers {
  return (
    ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array)
  );
}

/** A tensor as services give it, `{ dtype, shape, data }`, with its values read from whichever form they came in; null for anything else. */
export function asTensor(value: unknown): { dtype: string; shape: readonly number[]; data: Numbers } | null {
  if (typeof value !== 'object' || value === null || !('dtype' in value && 'shape' in value && 'data' in value)) return null;
  const { dtype, shape, data } = value;
  if (typeof dtype !== 'string' || !Array.isArray(shape)) return null;
  if (isNumbers(data)) return { dtype, shape, data };
  try {
    return { dtype, shape, data: tensorData(value as Tensor) };
  } catch {
    return null;
  }
}

function tensor(data: Numbers, shape: readonly number[], dtype: string): Record<string, unknown> {
  const digits = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(7)) + 0 : String(value));
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const range = data.length > 0 ? { min: digits(min), max: digits(max), mean: digits(sum / data.length) } : {};
  return { $type: 'tensor', dtype, shape: [...shape], head: Array.from(data.subarray(0, HEAD), digits), ...range };
}
