/** Weights as the runtime takes them: buffers beside the graph, in the compute dtype, without a copy where the file already has it. */
import { type VerifiedTensor, type WeightIndex, type WeightLocation } from '../../engine/graph/index.ts';
import type { ComputeDtype } from '../../ports/provider.ts';
import { convert } from './float-conversion.ts';

export interface WeightBuffers {
  index: WeightIndex;
  /** In the form of the runtime's `externalData`. */
  externalData: { path: string; data: Uint8Array }[];
}

const FILE_DTYPES = { float32: 'F32', float16: 'F16' } as const;

/**
 * One buffer for each tensor: a view where the file has the compute dtype already, a conversion else. The runtime keeps an offset within
 * a buffer in 32 bits, and beyond 4 GiB it takes another tensor's bytes without a word, so no tensor has an offset.
 * Call it for each session and let go of the result when the session stands: the runtime has its own copy then, and
 * converting again (135 M BF16 weights: some 0.2 s) costs less than 0.5 GB kept for a next time.
 */
export function weightBuffers(tensors: readonly VerifiedTensor[], dtype: ComputeDtype): WeightBuffers {
  const bytesPerElement = dtype === 'float32' ? 4 : 2;
  const index = new Map<string, WeightLocation>();
  const externalData = tensors.map(({ name, shape, tensor }) => {
    const length = shape.reduce((product, dim) => product * dim, 1) * bytesPerElement;
    index.set(name, { path: name, offset: 0, length, shape });
    if (tensor.dtype === FILE_DTYPES[dtype]) return { path: name, data: tensor.bytes };
    const data = new Uint8Array(length);
    convert(tensor, dtype, data);
    return { path: name, data };
  });
  return { index, externalData };
}
