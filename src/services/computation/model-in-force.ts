/** The active model with the folder that it was made from, so that plans can be run beside it on a runner of their own. */
import { ApiError, type ModelMetadata } from '../../contract/index.ts';
import type { EngineConfig, ModelRunner } from '../../engine/index.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import type { EngineHost } from '../engine-host.ts';
import type { LoadedRunner, ModelPlatform } from '../../ports/model-platform.ts';

export interface ModelInForce extends LoadedRunner {
  folder: ModelFolder;
  /** Of the active patched code; empty while it is the built-in one. */
  codeRevision: string;
  config: Readonly<EngineConfig>;
}

export class ModelsInForce {
  readonly #loaded = new WeakMap<ModelRunner, LoadedRunner & { folder: ModelFolder }>();

  constructor(private readonly host: EngineHost) {}

  /** The platform as the model service is to use it: which folder a runner came from is remembered as long as the runner lives. */
  watch(platform: ModelPlatform): ModelPlatform {
    return {
      ...platform,
      createRunner: async (folder, request) => {
        const loaded = await platform.createRunner(folder, request);
        this.#loaded.set(loaded.runner, { ...loaded, folder });
        return loaded;
      },
    };
  }

  get current(): ModelInForce | null {
    const engine = this.host.current;
    const loaded = engine && this.#loaded.get(engine.runner);
    return loaded ? { ...loaded, codeRevision: engine.codeRevision, config: engine.config } : null;
  }

  /** Resolves when the active model serves nobody. */
  async idle(): Promise<void> {
    await this.host.current?.idle();
  }

  /** @throws ApiError model_not_loaded */
  get required(): ModelInForce {
    const { current } = this;
    if (current) return current;
    throw new ApiError('model_not_loaded', 'No model is loaded yet; PUT /model/weights loads one, GET /model/weights tells how far it is.');
  }
}

export const metadataOf = ({ folder, provider }: ModelInForce, codeRevisions: Readonly<Record<string, string>>): ModelMetadata => ({
  model_id: folder.id,
  execution_provider: provider,
  weights_hash: folder.hash,
  code_revisions: { ...codeRevisions },
});
