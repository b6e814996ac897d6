/** What says which cached block goes first. */
import type { EvictionSource } from '../../../engine/index.ts';
import * as modules from '../../../patchable/generated/modules.ts';
import * as rules from '../../../patchable/generated/rules.ts';
import { EVICTION_CASES } from '../check/eviction-cases.ts';
import { type Kind, signatureOf, versions } from './kind.ts';

export const EVICTION_KIND: Kind = {
  id: 'memory.eviction',
  service: 'memory',
  kind: 'function',
  title: 'Eviction rule',
  languages: ['typescript'],
  signature: signatureOf('rule', 'EvictionSource', 'engine/eviction.ts'),
  builtIns: versions(modules.eviction, rules.eviction),
  active: () => 'lru',
  changes: null,
  fragment: null,
  fit: (exported) => ({ eviction: patched(exported as EvictionSource) }),
  put: ({ eviction }, { engine }) => engine?.configure({ eviction }),
  chosenBy: 'eviction',
  inPlan: 'code_revisions',
  cases: EVICTION_CASES,
};

/** A rule made of a default export, told apart from those that came with the workbench. */
function patched(rule: EvictionSource): EvictionSource {
  return { name: 'patched', rule: rule.rule, score: (block) => rule.score(block) };
}
