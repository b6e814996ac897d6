/** What a text becomes before the tokenizer reads it. */
import type { TextNormalizer } from '../../../engine/text/text-normalizer.ts';
import * as modules from '../../../patchable/generated/modules.ts';
import * as rules from '../../../patchable/generated/rules.ts';
import { NORMALIZER_CASES } from '../check/normalizer-cases.ts';
import { type Kind, signatureOf, versions } from './kind.ts';

export const NORMALIZER_KIND: Kind = {
  id: 'tokenizer.normalizer',
  service: 'tokenizer',
  kind: 'function',
  title: 'Normalizer',
  languages: ['typescript'],
  signature: signatureOf('normalize', 'TextNormalizer', 'engine/text/text-normalizer.ts'),
  builtIns: versions(modules.normalizer, rules.normalizer),
  active: () => 'none',
  changes: 'tokens',
  fragment: null,
  fit: (exported) => ({ normalize: exported as TextNormalizer }),
  put: ({ normalize }, { text }) => text.setNormalizer(normalize),
  chosenBy: null,
  inPlan: null,
  cases: NORMALIZER_CASES,
};
