/** The model service: what the contract says of `model`, over the engine and the platform that it is given. */
import { ApiError, type CallContext, type Implementation, type Output, type ParsedInput, type ServiceState } from '../../contract/index.ts';
import type { GenerationStatus } from '../../engine/index.ts';
import { BUILT_IN_CODE, type ModelCode } from '../code/model-code.ts';
import { fromEngine } from '../engine-errors.ts';
import type { EngineHost } from '../engine-host.ts';
import { isoTime } from '../iso-time.ts';
import type { TokenizerService } from '../tokenizer/index.ts';
import { describeModel, describeWeights, hookPointsOf, NOTHING_LOADED } from './describe.ts';
import { eosTokenIds } from './eos-token-ids.ts';
import { forward } from './forward.ts';
import { generate } from './generate.ts';
import { type LoadedModel, WeightsLoad, type WeightsEvent, type WeightsInForce } from './load.ts';
import type { ModelPlatform, StartRequest, SwapRequest } from '../../ports/model-platform.ts';
import type { Provider } from '../../ports/provider.ts';

/** Of the computation service: rejects with ApiError not_found, or with a conflict where the plan is not what is active. */
export type RequirePlan = (planId: string) => Promise<void>;

const noPlans: RequirePlan = async () => {
  throw new ApiError('not_found', 'Execution plans are not served here; leave plan_id out.');
};

export class ModelService implements Implementation<'model'> {
  #model: LoadedModel | null = null;
  #load: WeightsLoad | null = null;
  #failure: string | null = null;
  /** Told after each swap what was asked for. */
  onSwapped: (model: string, request: SwapRequest) => void = () => {};

  constructor(
    private readonly platform: ModelPlatform,
    private readonly host: EngineHost,
    private readonly tokenizer: TokenizerService,
    private readonly code: ModelCode = BUILT_IN_CODE,
    private readonly requirePlan: RequirePlan = noPlans,
  ) {}

  /** Of the active model. */
  get provider(): Provider | null {
    return this.#model?.provider ?? null;
  }

  async state(): Promise<ServiceState<'model'>> {
    const model = this.#model;
    return {
      status: model ? 'ready' : this.#load ? 'loading' : this.#failure ? 'failed' : 'empty',
      error: this.#failure,
      ...this.weights(),
      ...(model ? describeModel(model) : NOTHING_LOADED),
      execution_providers: await this.platform.providers(),
      threads: this.platform.threads,
    };
  }

  forward(input: ParsedInput<'model', 'forward'>, context: CallContext): Promise<Output<'model', 'forward'>> {
    const model = this.#ready(context);
    return forward(input, model.runner, this.tokenizer.tokenizer, hookPointsOf(model), context.signal).catch((error: unknown) => {
      throw fromEngine(error);
    });
  }

  generate(
    input: ParsedInput<'model', 'generate'>,
    context: CallContext,
  ): ReturnType<typeof generate> | Promise<Awaited<ReturnType<typeof generate>>> {
    return input.plan_id === undefined ? this.#generate(input, context) : this.#generateUnder(input.plan_id, input, context);
  }

  async #generateUnder(planId: string, input: ParsedInput<'model', 'generate'>, context: CallContext) {
    this.#ready(context);
    await this.requirePlan(planId);
    return this.#generate(input, context);
  }

  #generate(input: ParsedInput<'model', 'generate'>, context: CallContext): ReturnType<typeof generate> {
    const { folder } = this.#ready(context);
    const { tokenizer } = this.tokenizer;
    return generate(input, { engine: this.host.engine, tokenizer, modelId: folder.id, eosTokenIds: eosTokenIds(folder) }, context);
  }

  generations(): Output<'model', 'generations'> {
    return { generations: this.host.current?.list().map(statusOf) ?? [] };
  }

  generation({ id }: ParsedInput<'model', 'generation'>): Output<'model', 'generation'> {
    const status = this.host.current?.get(id);
    if (!status) throw new ApiError('not_found', `No generation "${id}" is known; GET /model/generations lists those that are.`);
    return statusOf(status);
  }

  cancel({ id }: ParsedInput<'model', 'cancel'>): Output<'model', 'cancel'> {
    if (!this.host.current?.get(id))
      throw new ApiError('not_found', `No generation "${id}" is known; GET /model/generations lists those that are.`);
    try {
      const { completionTokens, tokensSaved, blocksFreed } = this.host.engine.cancel(id);
      return { id, completion_tokens: completionTokens, tokens_saved: tokensSaved, blocks_freed: blocksFreed };
    } catch (error) {
      throw fromEngine(error);
    }
  }

  weights(): Output<'model', 'weights'> {
    return { weights: this.#model && describeWeights(this.#model), loading: this.#load?.progress ?? null };
  }

  swapWeights(input: StartRequest, context: CallContext): Promise<WeightsInForce> | AsyncIterable<WeightsEvent> {
    if (this.#load)
      throw new ApiError('conflict', 'Another load is in progress; GET /model/weights tells how far it is. Wait for it, or abort it.');
    const load = new WeightsLoad(input, context.signal);
    this.#load = load;
    const outcome = load
      .run(this.platform, (model) => this.#putInForce(model))
      .then((weights) => {
        const { keptOnly: _, ...request }: StartRequest = input;
        this.onSwapped(weights.model_id, request);
        return weights;
      })
      .catch((error: unknown) => {
        this.#failure = ApiError.from(error).message;
        throw error;
      })
      .finally(() => (this.#load = null));
    return input.stream ? load.stream(outcome) : outcome;
  }

  async #putInForce(model: LoadedModel): Promise<WeightsInForce> {
    const old = this.#model;
    await this.code.equip(model);
    await this.host.replaceRunner(model.runner, model.folder.hash);
    await this.code.attach(model);
    this.#model = model;
    this.#failure = null;
    this.tokenizer.setModelTokenizer(model.tokenizer, model.folder.id, model.runner.shape.vocabSize);
    await old?.runner.dispose();
    return describeWeights(model);
  }

  /** The active model, noted in the call's metadata. */
  #ready(context: CallContext): LoadedModel {
    const model = this.#model;
    if (!model) {
      const why = this.#load ? 'The model is still loading' : this.#failure ? `Loading failed: ${this.#failure}` : 'No model was loaded';
      throw new ApiError('model_not_loaded', `${why}. GET /model/weights tells the progress; PUT /model/weights loads one.`);
    }
    context.model = {
      model_id: model.folder.id,
      execution_provider: model.provider,
      weights_hash: model.folder.hash,
      code_revisions: this.code.revisionsInForce(),
    };
    return model;
  }
}

function statusOf(status: GenerationStatus): Output<'model', 'generation'> {
  return {
    id: status.id,
    state: status.state,
    priority: status.priority,
    arrived_at: isoTime(status.arrivalMs),
    prompt_tokens: status.promptTokens,
    completion_tokens: status.completionTokens,
    max_new_tokens: status.maxNewTokens,
    finish_reason: status.finishReason,
  };
}
