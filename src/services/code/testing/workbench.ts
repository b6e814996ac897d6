/** Test support: the workbench over the real runtime and a tiny model, with workers that check what patches it. */
import { ortPlatform } from '../../../testing/model-platforms.ts';
import { openWorkbench as openWhole, type TestWorkbench } from '../../../testing/workbench.ts';
import type { CandidateWorker } from '../check/candidate-checker.ts';
import type { LastStart } from '../restoring.ts';
import type { RevisionStore } from '../revision.ts';

export type Workbench = TestWorkbench;

/** @param tokenizerJson what the model is given for its tokenizer */
export const openWorkbench = (
  path: string,
  tokenizerJson: Record<string, unknown>,
  spawnCandidate: () => CandidateWorker,
  resources?: RevisionStore,
  lastStart?: LastStart,
): Workbench =>
  openWhole(
    {
      models: ortPlatform(path, { id: 'tiny', tokenizerJson, tokenizerConfig: {}, numBlocks: 64 }),
      ...{ spawnCandidate, records: resources ? { resources } : {} },
    },
    lastStart ? { lastStart } : {},
  );
