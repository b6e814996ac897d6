/** Fields that hold a secret: they leave in the answer that makes them, and are kept nowhere else. */
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/** The `format` of such a field in a schema, as OpenAPI has it. */
export const SECRET = 'password';
const HIDDEN = '(shown once)';

/** The output as it may be kept, compared and shown again. */
export function withoutSecrets({ output }: Endpoint, data: unknown): unknown {
  if (!(output instanceof z.ZodObject) || typeof data !== 'object' || data === null) return data;
  const shape = output.shape as Record<string, z.ZodType>;
  const names = Object.keys(shape).filter((name) => name in data && shape[name]!.meta()?.['format'] === SECRET);
  return names.length === 0 ? data : { ...data, ...Object.fromEntries(names.map((name) => [name, HIDDEN])) };
}
