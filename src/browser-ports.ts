/** The ports of the workbench in a browser's worker: onnxruntime-web, WebGPU, the private file system and IndexedDB. */
import { RecordDatabase } from './environment/record-store.ts';
import { computationPlatform } from './platform/computation/index.ts';
import { createModelPlatform } from './platform/model-platform.ts';
import { openOpfsBlockStore } from './platform/opfs-block-store.ts';
import { isKeptToken } from './services/auth/token-store.ts';
import { isKeptResource } from './services/code/revision.ts';
import { isExperiment, isStoredPlan } from './services/computation/index.ts';
import type { WorkbenchPorts } from './workbench.ts';

/** @param base absolute URL of the site's folder, where the models lie */
export function browserPorts(base: string, spawnCandidate: WorkbenchPorts['spawnCandidate']): WorkbenchPorts {
  const computation = new RecordDatabase('glassbox-computation', ['plans', 'experiments']);
  return {
    ...{ models: createModelPlatform(base), computation: computationPlatform, openDisk: openOpfsBlockStore },
    spawnCandidate,
    records: {
      resources: new RecordDatabase('glassbox-code', ['resources']).store('resources', 'patches', isKeptResource),
      plans: computation.store('plans', 'plans', isStoredPlan),
      tokens: new RecordDatabase('glassbox-auth', ['tokens']).store('tokens', 'tokens', isKeptToken),
      experiments: computation.store('experiments', 'experiments', isExperiment),
    },
  };
}
