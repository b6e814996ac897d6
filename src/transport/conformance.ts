/** What two transports must agree on: a result without what differs from call to call by its nature. */
import { lasting } from '../contract/differences.ts';
import { type Tensor, tensorData } from '../contract/index.ts';

const isTensor = (value: object): value is Tensor => 'dtype' in value && 'shape' in value && 'data' in value;

/** The value with tensors as plain numbers and volatile fields left out. */
export const stable = (value: unknown): unknown => lasting(withPlainTensors(value));

function withPlainTensors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPlainTensors);
  if (typeof value !== 'object' || value === null) return value;
  if (isTensor(value)) return { dtype: value.dtype, shape: value.shape, data: Array.from(tensorData(value)) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlainTensors(item)]));
}
