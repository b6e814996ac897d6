/** The modules whose values patched code may import: the graph builder, random numbers, and the built-in resources, to build on them. */
import * as graph from '../../engine/graph/index.ts';
import { randomAt } from '../../engine/sampler.ts';
import { attention, eviction, mlp, norm, normalizer, policy, position, sampler } from '../../patchable/generated/modules.ts';

const BUILT_IN = [attention, mlp, norm, position, sampler, normalizer, policy, eviction].flat();

/** By path below `src`, without the extension. */
export const KNOWN_MODULES: Readonly<Record<string, object>> = {
  'engine/graph/index': graph,
  'engine/sampler': { randomAt },
  ...Object.fromEntries(BUILT_IN.map(({ path, module }) => [path.replace(/\.ts$/, ''), { default: module.default }])),
};

/** The module that a specifier such as `../../engine/graph/index.ts` or `./attention.naive.ts` means. */
export function knownModule(specifier: string): string | null {
  const path = specifier.replace(/^(?:\.{1,2}\/)+/, '').replace(/\.ts$/, '');
  return Object.keys(KNOWN_MODULES).find((name) => name === path || (path !== '' && name.endsWith(`/${path}`))) ?? null;
}
