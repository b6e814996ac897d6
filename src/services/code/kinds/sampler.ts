/** What chooses the next token. */
import type { SamplingFunction } from '../../../engine/index.ts';
import * as modules from '../../../patchable/generated/modules.ts';
import * as rules from '../../../patchable/generated/rules.ts';
import { SAMPLER_CASES } from '../check/sampler-cases.ts';
import { type Kind, signatureOf, versions } from './kind.ts';

export const SAMPLER_KIND: Kind = {
  id: 'sampler',
  service: 'model',
  kind: 'function',
  title: 'Sampler',
  languages: ['typescript'],
  signature: signatureOf('sample', 'SamplingFunction', 'engine/sampler.ts'),
  builtIns: versions(modules.sampler, rules.sampler),
  active: () => 'default',
  changes: 'text',
  fragment: null,
  fit: (exported) => ({ sample: exported as SamplingFunction }),
  put: ({ sample }, { engine }) => engine?.setSampler(sample),
  chosenBy: null,
  inPlan: 'code_revisions',
  cases: SAMPLER_CASES,
};
