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

export const tensorSchema = z
  .object({
    dtype: z.enum(Object.keys(TYPED_ARRAYS) as [TensorDtype, ...TensorDtype[]]),
    shape: z.array(z.int().min(0)),
    data: z
      .union([
        z.array(z.number()),
        z.string(),
        z.custom<TensorData>((value) => ArrayBuffer.isView(value)).meta({ override: { type: 'string', contentEncoding: 'base64' } }),
      ])
      .meta({
        description: `Row-major values: an array of up to ${TENSOR_JSON_LIMIT} numbers, base64 of the little-endian bytes above that, a typed array in direct mode.`,
        override: {
          anyOf: [
            { type: 'array', items: { type: 'number' } },
            { type: 'string', contentEncoding: 'base64' },
          ],
        },
      }),
  })
  .meta({ id: 'Tensor', description: 'A dense row-major tensor.' });

/** A tensor in any of its forms. */
export type Tensor = z.infer<typeof tensorSchema>;
/** A tensor as services make it: `data` is a typed array. */
export type ArrayTensor = Tensor & { data: TensorData };

const isView = (value: unknown): value is TensorData => ArrayBuffer.isView(value);

/** `JSON.stringify` replacer that turns tensors' typed arrays into their wire form. */
export function encodeTensors(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('data' in value) || !isView(value.data)) return value;
  const { data } = value;
  return { ...value, data: data.length <= TENSOR_JSON_LIMIT ? Array.from(data) : bytesToBase64(data) };
}

/** The typed array of a tensor in any form. Throws RangeError when the data does not fill the shape. */
export function tensorData(tensor: Tensor): TensorData {
  const Type = TYPED_ARRAYS[tensor.dtype];
  const { data } = tensor;
  const values = typeof data === 'string' ? new Type(base64ToBytes(data).buffer) : isView(data) ? data : Type.from(data);
  const size = tensor.shape.reduce((a, b) => a * b, 1);
  if (values.length !== size)
    throw new RangeError(`Tensor of shape [${tensor.shape.join(', ')}] needs ${size} values and has ${values.length}.`);
  return values;
}

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
