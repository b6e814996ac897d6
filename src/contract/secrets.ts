/** Fields that hold a secret: they leave in the answer that makes them, and are kept nowhere else. */
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/** The `format` of such a field in a schema, as OpenAPI has it. */
export const SECRET = 'password';
const HIDDEN = '(shown once)';

export const holdsSecrets = ({ output }: Endpoint): boolean => secretsOf(output).length > 0;

/** The output as it may be kept, compared and shown again. */
export function withoutSecrets({ output }: Endpoint, data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const names = secretsOf(output).filter((name) => name in data);
  return names.length === 0 ? data : { ...data, ...Object.fromEntries(names.map((name) => [name, HIDDEN])) };
}

function secretsOf(output: z.ZodType): string[] {
  if (!(output instanceof z.ZodObject)) return [];
  return Object.entries(output.shape as Record<string, z.ZodType>).flatMap(([name, field]) =>
    field.meta()?.['format'] === SECRET ? [name] : [],
  );
}
