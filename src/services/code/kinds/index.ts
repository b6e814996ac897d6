/** The code resources whose source is a module, in the order in which they are shown. */
import { EVICTION_KIND } from './eviction.ts';
import { FRAGMENT_KINDS } from './fragments.ts';
import type { Kind } from './kind.ts';
import { NORMALIZER_KIND } from './normalizer.ts';
import { POLICY_KIND } from './policy.ts';
import { SAMPLER_KIND } from './sampler.ts';

export const KINDS: readonly Kind[] = [...FRAGMENT_KINDS, SAMPLER_KIND, POLICY_KIND, EVICTION_KIND, NORMALIZER_KIND];

/** `null` for a kernel and a script. */
export const kindOf = (id: string): Kind | null => KINDS.find((kind) => kind.id === id) ?? null;

export { NORMALIZER_KIND } from './normalizer.ts';
export { isScript, SCRIPT_LANGUAGES } from './script.ts';
export type { Kind, Resource, RunCode } from './kind.ts';
