/** What says which request goes first. */
import type { PolicySource } from '../../../engine/index.ts';
import * as modules from '../../../patchable/generated/modules.ts';
import * as rules from '../../../patchable/generated/rules.ts';
import { POLICY_CASES } from '../check/policy-cases.ts';
import { type Kind, signatureOf, versions } from './kind.ts';

export const POLICY_KIND: Kind = {
  id: 'scheduler.policy',
  service: 'scheduler',
  kind: 'function',
  title: 'Scheduling policy',
  languages: ['typescript'],
  signature: signatureOf('policy', 'PolicySource', 'engine/policy.ts'),
  builtIns: versions(modules.policy, rules.policy),
  active: () => 'fcfs',
  changes: null,
  fragment: null,
  fit: (exported) => ({ policy: exported as PolicySource }),
  put: ({ policy }, { engine }) => engine?.configure({ policy, policyParameters: {} }),
  chosenBy: 'policy',
  inPlan: 'policy',
  cases: POLICY_CASES,
};
