/** Results that are not finite, named: JSON has no word for them, and a NaN that passes in silence is worse than an error. */
import { ApiError, type ArrayTensor, type ErrorItem, type Output } from '../contract/index.ts';

export type NotFinite = Output<'model', 'forward'>['not_finite'];

/** Those of the tensors that hold NaN or an infinity, with the first place in each. */
export function notFiniteIn(tensors: Readonly<Record<string, ArrayTensor | undefined>>): NotFinite {
  return Object.entries(tensors).flatMap(([name, tensor]) => {
    if (!tensor) return [];
    const { shape } = tensor;
    const data: ArrayLike<number> = tensor.data;
    const first = Array.prototype.findIndex.call(data, (value: number) => !Number.isFinite(value));
    if (first < 0) return [];
    let count = 0;
    for (let i = first; i < data.length; i++) if (!Number.isFinite(data[i])) count++;
    return [{ tensor: name, count, first: placeOf(first, shape), value: wordFor(data[first]!) }];
  });
}

/** @throws ApiError not_finite where a number of a scalar field is none that can be said */
export function assertFinite(path: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw notFinite([{ path, message: `is not finite; it is ${wordFor(value)}.` }]);
}

/** @throws ApiError not_finite for logits of which nothing can be told; −∞, a token that is ruled out, is none */
export function assertLogits(path: string, logits: Float32Array): void {
  const id = logits.findIndex((logit) => Number.isNaN(logit) || logit === Infinity);
  if (id < 0 && logits.some((logit) => logit !== -Infinity)) return;
  const where = id < 0 ? 'every logit is −Infinity' : `the logit of token ${id} is ${wordFor(logits[id]!)}`;
  throw notFinite([{ path, message: `can't be told, since the logits are not finite: ${where}.` }]);
}

function notFinite(errors: ErrorItem[]): ApiError {
  const detail = errors.map(({ path, message }) => `${path.slice(1).replaceAll('/', '.')} ${message}`).join(' ');
  return new ApiError(
    'not_finite',
    `${detail} Taps, code or weights have driven a value beyond what a float32 holds; captures show where.`,
    errors,
  );
}

const wordFor = (value: number) => (Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity');

function placeOf(index: number, shape: readonly number[]): number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    })
    .toReversed();
}
