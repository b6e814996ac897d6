/** What the model service needs of the active patched code. */
import type { ModelFolder } from '../../engine/weights.ts';
import type { LoadedRunner } from '../../ports/model-platform.ts';

type Model = LoadedRunner & { folder: ModelFolder };

export interface ModelCode {
  /** Content hashes by resource, for the metadata of calls. */
  revisionsInForce(): Record<string, string>;
  /** Before a model becomes active: its runner gets the patched fragments, where they fit it. */
  equip(model: Model): Promise<void>;
  /** After a model has become active: the engine gets what else is patched. */
  attach(model: Model): Promise<void>;
}

/** Where nothing can be patched. */
export const BUILT_IN_CODE: ModelCode = { revisionsInForce: () => ({}), equip: async () => {}, attach: async () => {} };
