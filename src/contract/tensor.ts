/** How tensors travel: typed arrays inside and in direct mode; JSON arrays or base64 over REST. */
import { z } from 'zod';

const TYPED_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;

export type TensorDtype = keyof typeof TYPED_ARRAYS;
export type TensorData = InstanceType<(typeof TYPED_ARRAYS)[TensorDtype]>;

/** Up to this many elements a tensor's `data` is a JSON array; above it is base64 of the little-endian bytes. */
export const TENSOR_JSON_LIMIT = 4096;

const fields = {
  dtype: z.enum(Object.keys(TYPED_ARRAYS) as [TensorDtype, ...TensorDtype[]]),
  shape: z.array(z.int().min(0)).max(16),
  data: z
    .union([
      z.array(z.number()),
      z.string(),
      z.custom<TensorData>((value) => ArrayBuffer.isView(value)).meta({ override: { type: 'string', contentEncoding: 'base64' } }),
    ])
    .meta({
      description: `Row-major values: an array of up to ${TENSOR_JSON_LIMIT} numbers, base64 of the little-endian bytes above that and where a value is not finite, a typed array in direct mode.`,
      override: {
        anyOf: [
          { type: 'array', items: { type: 'number' } },
          { type: 'string', contentEncoding: 'base64' },
        ],
      },
    }),
};

export const tensorSchema = z.object(fields).meta({ id: 'Tensor', description: 'A dense row-major tensor.' });

/** A tensor that a caller gives: its data fill its shape, and every value is one that its dtype, and a float32, can hold. */
export const tensorInput = z
  .strictObject(fields)
  .check(({ value, issues }) => {
    const fault = tensorFault(value);
    if (fault) issues.push({ code: 'custom', input: value, ...fault });
  })
  .meta({ id: 'TensorInput', description: 'A dense row-major tensor. Every value is finite, and fits its dtype.' });

/** Where results hold what JSON has no word for. */
export const notFinite = z
  .array(
    z.object({
      tensor: z.string(),
      count: z.int().min(1),
      first: z.array(z.int().min(0)).meta({ description: 'Place of the first one.' }),
      value: z.enum(['NaN', 'Infinity', '-Infinity']).meta({ description: 'The first one.' }),
    }),
  )
  .meta({ id: 'NotFinite', description: 'Tensors with values that are not finite; empty as a rule.' });

/** A tensor in any of its forms. */
export type Tensor = z.infer<typeof tensorSchema>;
/** A tensor as services make it: `data` is a typed array. */
export type ArrayTensor = Tensor & { data: TensorData };

const isView = (value: unknown): value is TensorData => ArrayBuffer.isView(value);

/** `JSON.stringify` replacer that turns tensors' typed arrays into their wire form. */
export function encodeTensors(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('data' in value) || !isView(value.data)) return value;
  const { data } = value;
  // JSON has no word for NaN and infinities; bytes have.
  const isPlain = data.length <= TENSOR_JSON_LIMIT && data.every(Number.isFinite);
  return { ...value, data: isPlain ? Array.from(data) : bytesToBase64(data) };
}

const isWireTensor = (value: object): value is Tensor =>
  'dtype' in value &&
  'shape' in value &&
  'data' in value &&
  typeof value.dtype === 'string' &&
  value.dtype in TYPED_ARRAYS &&
  Array.isArray(value.shape) &&
  (typeof value.data === 'string' || Array.isArray(value.data));

/** The other way, in place: every tensor in the value has a typed array, however it came. */
export function withTypedTensors(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isView(value)) return value;
  if (isWireTensor(value)) {
    value.data = tensorData(value);
    return value;
  }
  if (Array.isArray(value)) {
    if (typeof value[0] === 'object') value.forEach(withTypedTensors);
  } else Object.values(value).forEach(withTypedTensors);
  return value;
}

/** The typed array of a tensor in any form. Throws RangeError when the data does not fill the shape. */
export function tensorData(tensor: Tensor): TensorData {
  const Type = TYPED_ARRAYS[tensor.dtype];
  const { data } = tensor;
  const values = typeof data === 'string' ? new Type(base64ToBytes(data).buffer) : isView(data) ? data : Type.from(data);
  const size = elements(tensor.shape);
  if (values.length !== size)
    throw new RangeError(`Tensor of shape [${tensor.shape.join(', ')}] needs ${size} values and has ${values.length}.`);
  return values;
}

/** What is wrong with a tensor from outside, and where in it; `null`: nothing. */
function tensorFault(tensor: Tensor): { path: (string | number)[]; message: string } | null {
  let values: ArrayLike<number>;
  try {
    values = Array.isArray(tensor.data) ? tensor.data : tensorData(tensor);
  } catch (error) {
    return { path: ['data'], message: error instanceof RangeError ? messageOf(error) : 'must be base64 of the values' };
  }
  const size = elements(tensor.shape);
  if (values.length !== size)
    return { path: ['data'], message: `must have ${size} values for the shape [${tensor.shape.join(', ')}]; it has ${values.length}` };
  const isFloat = tensor.dtype.startsWith('float');
  const held = new TYPED_ARRAYS[isFloat ? 'float32' : tensor.dtype](1);
  for (let i = 0; i < size; i++) {
    const value = values[i]!;
    held[0] = value;
    if (isFloat ? Number.isFinite(held[0]) : held[0] === value) continue;
    return { path: ['data', i], message: `must be ${isFloat ? 'a finite float32' : `of ${tensor.dtype}`}; it is ${value}` };
  }
  return null;
}

const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const messageOf = (error: RangeError): string => error.message.replace(/\.$/, '');

/** Every buffer of typed arrays inside a value, for the transfer list of `postMessage`. */
export function transferables(value: unknown, into = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (typeof value === 'object' && value !== null) {
    if (isView(value)) {
      if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) into.add(value.buffer);
    } else if (Array.isArray(value)) {
      if (typeof value[0] === 'object') for (const item of value) transferables(item, into);
    } else if (Object.getPrototypeOf(value) === Object.prototype) {
      for (const item of Object.values(value)) transferables(item, into);
    }
  }
  return [...into];
}

export function bytesToBase64(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

export function base64ToBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
