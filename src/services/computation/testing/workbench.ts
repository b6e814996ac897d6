/** Test support: the workbench with the bundled model active over the runtime on WASM. */
import { ortPlatform } from '../../../testing/model-platforms.ts';
import { openWorkbench as openWhole, type TestWorkbench } from '../../../testing/workbench.ts';
import type { RevisionStore } from '../../code/revision.ts';

export { context } from '../../../testing/workbench.ts';
export type Workbench = TestWorkbench;

/** @param resources revisions that are kept and not active; they can be made active, and nothing new be checked */
export async function openWorkbench(resources?: RevisionStore): Promise<Workbench> {
  const workbench = openWhole({ models: ortPlatform(), records: resources ? { resources } : {} });
  await workbench.load();
  return workbench;
}
