/** What says which cached block goes first. */
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
  cases: EVICTION_CASES,
};
