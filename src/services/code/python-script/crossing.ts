/** Values as they cross between the services and Python: JSON text, with the memory of tensors beside it. */
import { ApiError, type Problem } from '../../../contract/index.ts';
import { isNumbers } from '../shown-value.ts';

/** What Python gets where text alone does not do. */
export interface Packed {
  text: string;
  buffers: ArrayBufferView[];
  /** A problem document as text: the call failed. */
  problem: string | null;
}

const DTYPES: Record<string, string> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Float16Array: 'float16',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
};

/** Text where that says it all. */
export function packed(value: unknown): string | Packed {
  const buffers: ArrayBufferView[] = [];
  let isPlain = true;
  const text = JSON.stringify(value ?? null, (_, item: unknown) => {
    if (typeof item === 'number') {
      if (Number.isFinite(item)) return item;
      isPlain = false;
      return { $number: String(item) };
    }
    if (typeof item === 'bigint') return Number(item);
    if (typeof item !== 'object' || item === null || !ArrayBuffer.isView(item)) return item;
    isPlain = false;
    buffers.push(item);
    return { $buffer: buffers.length - 1, dtype: DTYPES[item.constructor.name] ?? 'uint8', length: (item as Uint8Array).length };
  });
  return isPlain ? text : { text, buffers, problem: null };
}

export function packedProblem(error: unknown): Packed {
  const { code, status, message, errors } = ApiError.from(error);
  const problem: Partial<Problem> = { code, status, detail: message, errors: [...errors] };
  return { text: 'null', buffers: [], problem: JSON.stringify(problem) };
}

/** What Python's `encode` made. */
export function unpacked(text: string, buffers: readonly unknown[] = []): unknown {
  if (buffers.length === 0 && !text.includes('"$number"')) return JSON.parse(text) as unknown;
  return JSON.parse(text, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if ('$number' in item) return Number(item.$number);
    if ('$buffer' in item) return numbersOf(buffers[Number(item.$buffer)], 'dtype' in item ? String(item.dtype) : '');
    return item;
  }) as unknown;
}

/** Python's memory comes as the bytes or the numbers that they are. */
function numbersOf(buffer: unknown, dtype: string): unknown {
  if (isNumbers(buffer)) return buffer;
  throw new ApiError('internal', `The values of a tensor of ${dtype} did not come from Python as numbers.`);
}
