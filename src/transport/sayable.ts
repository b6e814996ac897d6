/** The last net: a number that JSON has no word for leaves on no transport, whatever a service has computed. Tensors may hold them. */
import { ApiError } from '../contract/index.ts';

/** @throws ApiError not_finite that names the place */
export function assertSayable(value: unknown): void {
  const pointer = notSayable(value);
  if (pointer === null) return;
  throw new ApiError('not_finite', `The result can't be told: ${pointer || 'it'} is not a finite number.`, [
    { path: pointer, message: 'is not a finite number.' },
  ]);
}

/** JSON Pointer to the first number that is not finite; `null`: there is none. */
export function notSayable(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : '';
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Blob) return null;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const inner = notSayable(value[i]);
      if (inner !== null) return `/${i}${inner}`;
    }
    return null;
  }
  for (const key in value) {
    const inner = notSayable((value as Record<string, unknown>)[key]);
    if (inner !== null) return `/${key}${inner}`;
  }
  return null;
}
