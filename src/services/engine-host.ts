/** The one engine that model, memory and scheduler services share; there is none until the first weights are active. */
import { ApiError } from '../contract/index.ts';
import { Engine, type EngineOptions, type ModelRunner } from '../engine/index.ts';

export class EngineHost {
  #engine: Engine | null = null;

  /** @param options what an engine starts with: policy, eviction, sampler, sizes */
  constructor(private readonly options: (runner: ModelRunner) => EngineOptions) {}

  get current(): Engine | null {
    return this.#engine;
  }

  /** @throws ApiError model_not_loaded */
  get engine(): Engine {
    if (this.#engine) return this.#engine;
    throw new ApiError('model_not_loaded', 'No model is loaded yet; PUT /model/weights loads one, GET /model/weights tells how far it is.');
  }

  /** Makes a runner active; requests under way end with a reason, since their tokens came from other weights. */
  async replaceRunner(runner: ModelRunner, weightsHash: string): Promise<void> {
    if (this.#engine) await this.#engine.replaceRunner(runner, weightsHash, 'end');
    else this.#engine = new Engine(runner, { ...this.options(runner), weightsHash });
  }
}
