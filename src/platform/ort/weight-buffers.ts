/** Weights as the runtime takes them: buffers beside the graph, in the compute dtype, without a copy where the file already has it. */
import { type VerifiedTensor, type WeightIndex, type WeightLocation } from '../../engine/graph/index.ts';
import { convert } from './float-conversion.ts';

export type ComputeDtype = 'float32' | 'float16';

export interface WeightBuffers {
  index: WeightIndex;
  /** In the form of the runtime's `externalData`. */
  externalData: { path: string; data: Uint8Array }[];
}

const FILE_DTYPES = { float32: 'F32', float16: 'F16' } as const;

/**
 * Tensors that have the compute dtype are used where they lie; the others are converted into one new buffer.
 * Call it for each session and let go of the result when the session stands: the runtime has its own copy then, and
 * converting again (135 M BF16 weights: some 0.2 s) costs less than 0.5 GB kept for a next time.
 */
export function weightBuffers(tensors: readonly VerifiedTensor[], dtype: ComputeDtype): WeightBuffers {
  const bytesPerElement = dtype === 'float32' ? 4 : 2;
  const index = new Map<string, WeightLocation>();
  const files = new Map<ArrayBufferLike, string>();
  const elements = ({ shape }: VerifiedTensor): number => shape.reduce((product, dim) => product * dim, 1);
  const isReady = ({ tensor }: VerifiedTensor): boolean => tensor.dtype === FILE_DTYPES[dtype];

  const convertedBytes = tensors.reduce((sum, tensor) => (isReady(tensor) ? sum : sum + elements(tensor) * bytesPerElement), 0);
  const converted = new Uint8Array(convertedBytes);
  let offset = 0;
  for (const expected of tensors) {
    const { name, shape, tensor } = expected;
    const length = elements(expected) * bytesPerElement;
    if (isReady(expected)) {
      const { buffer, byteOffset } = tensor.bytes;
      if (!files.has(buffer)) files.set(buffer, `file-${files.size}`);
      index.set(name, { path: files.get(buffer)!, offset: byteOffset, length, shape });
    } else {
      convert(tensor, dtype, converted.subarray(offset, offset + length));
      index.set(name, { path: 'converted', offset, length, shape });
      offset += length;
    }
  }
  const externalData = Array.from(files, ([buffer, path]) => ({ path, data: new Uint8Array(buffer) }));
  if (convertedBytes > 0) externalData.push({ path: 'converted', data: converted });
  return { index, externalData };
}
