/** What kind of code resource an id names: all that may be read off an id. */
import type { z } from 'zod';
import type { kind } from './code-resource.ts';

type ResourceKind = z.infer<typeof kind>;

const PREFIXES: readonly (readonly [string, ResourceKind])[] = [
  ['model.', 'fragment'],
  ['kernel.', 'kernel'],
  ['script.', 'script'],
];

export const resourceKind = (id: string): ResourceKind => PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? 'function';
