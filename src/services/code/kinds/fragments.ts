/** The parts of the model's graph: attention, MLP, norm, positions. */
import type { ModelFragments } from '../../../engine/graph/index.ts';
import * as modules from '../../../patchable/generated/modules.ts';
import * as rules from '../../../patchable/generated/rules.ts';
import { DEFAULT_KERNEL } from '../../../patchable/model/index.ts';
import { fragmentCases } from '../check/fragment-cases.ts';
import { type Kind, signatureOf, versions } from './kind.ts';

const fragmentKind = (
  fragment: keyof ModelFragments,
  title: string,
  type: string,
  builtIns: Kind['builtIns'],
  active: Kind['active'] = () => 'default',
  inPlan: Kind['inPlan'] = 'code_revisions',
): Kind => ({
  id: `model.${fragment}`,
  service: 'model',
  kind: 'fragment',
  title,
  languages: ['typescript', 'python'],
  signature: signatureOf(fragment, type, 'engine/graph/index.ts'),
  builtIns,
  active,
  changes: 'logits',
  fragment,
  fit: () => ({}),
  // By the runner, whose graph is built anew.
  put: () => {},
  chosenBy: null,
  inPlan,
  cases: fragmentCases(fragment),
});

export const FRAGMENT_KINDS: readonly Kind[] = [
  fragmentKind(
    'attention',
    'Attention',
    'AttentionFragment',
    versions(modules.attention, rules.attention),
    (provider) => DEFAULT_KERNEL[provider],
    'kernel',
  ),
  fragmentKind('mlp', 'MLP', 'MlpFragment', versions(modules.mlp, rules.mlp)),
  fragmentKind('norm', 'Norm', 'NormFragment', versions(modules.norm, rules.norm)),
  fragmentKind('position', 'Positions', 'PositionFragment', versions(modules.position, rules.position)),
];
