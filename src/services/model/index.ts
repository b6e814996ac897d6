/** The model service: what the contract says of `model`, over the engine and the platform that it is given. */
import {
  ApiError,
  type CallContext,
  type Implementation,
  type Output,
  type ParsedInput,
  type ServiceState,
  type StreamEvent,
} from '../../contract/index.ts';
import type { GenerationStatus } from '../../engine/index.ts';
import { fromEngine } from '../engine-errors.ts';
import { streamed } from '../event-run.ts';
import { isoTime } from '../iso-time.ts';
import type { ActiveModel, LoadedModel, ServingModel } from '../serving/active-model.ts';
import { describeModel, describeWeights, hookPointsOf, NOTHING_LOADED } from './describe.ts';
import { eosTokenIds } from './eos-token-ids.ts';
import { forward } from './forward.ts';
import { generate } from './generate.ts';
import { WeightsLoad, type Weights } from './load.ts';
import type { LoadProgress, ModelPlatform, StartRequest, SwapRequest } from '../../ports/model-platform.ts';

type WeightsEvent = StreamEvent<'model', 'swapWeights'>;

export interface ModelOptions {
  platform: ModelPlatform;
  active: ActiveModel;
  /** What a model that becomes active waits for: patches of the last visit. */
  restored: Promise<void>;
  /** Of the computation service: rejects with ApiError not_found, or with a conflict where the plan is not what is active. */
  requirePlan: (planId: string) => Promise<void>;
}

export class ModelService implements Implementation<'model'> {
  readonly #platform: ModelPlatform;
  readonly #active: ActiveModel;
  readonly #options: ModelOptions;
  #load: WeightsLoad | null = null;
  #failure: string | null = null;
  /** Told after each swap what was asked for. */
  onSwapped: (model: string, request: SwapRequest) => void = () => {};

  constructor(options: ModelOptions) {
    this.#platform = options.platform;
    this.#active = options.active;
    this.#options = options;
  }

  async state(): Promise<ServiceState<'model'>> {
    const model = this.#active.current;
    return {
      status: model ? 'ready' : this.#load ? 'loading' : this.#failure ? 'failed' : 'empty',
      error: this.#failure,
      ...this.weights(),
      ...(model ? describeModel(model) : NOTHING_LOADED),
      execution_providers: await this.#platform.providers(),
      threads: this.#platform.threads,
    };
  }

  forward(input: ParsedInput<'model', 'forward'>, context: CallContext): Promise<Output<'model', 'forward'>> {
    const model = this.#ready(context);
    return forward(input, model.runner, this.#active.text.tokenizer, hookPointsOf(model), context.signal).catch((error: unknown) => {
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
    await this.#options.requirePlan(planId);
    return this.#generate(input, context);
  }

  #generate(input: ParsedInput<'model', 'generate'>, context: CallContext): ReturnType<typeof generate> {
    const { folder, engine } = this.#ready(context);
    const { tokenizer } = this.#active.text;
    return generate(input, { engine, tokenizer, modelId: folder.id, eosTokenIds: eosTokenIds(folder) }, context);
  }

  generations(): Output<'model', 'generations'> {
    return { generations: this.#active.current?.engine.list().map(statusOf) ?? [] };
  }

  generation({ id }: ParsedInput<'model', 'generation'>): Output<'model', 'generation'> {
    const status = this.#active.current?.engine.get(id);
    if (!status) throw new ApiError('not_found', `No generation "${id}" is known; GET /model/generations lists those that are.`);
    return statusOf(status);
  }

  cancel({ id }: ParsedInput<'model', 'cancel'>): Output<'model', 'cancel'> {
    if (!this.#active.current?.engine.get(id))
      throw new ApiError('not_found', `No generation "${id}" is known; GET /model/generations lists those that are.`);
    try {
      const { completionTokens, tokensSaved, blocksFreed } = this.#active.engine.cancel(id);
      return { id, completion_tokens: completionTokens, tokens_saved: tokensSaved, blocks_freed: blocksFreed };
    } catch (error) {
      throw fromEngine(error);
    }
  }

  weights(): Output<'model', 'weights'> {
    const { current } = this.#active;
    return { weights: current && describeWeights(current), loading: this.#load?.progress ?? null };
  }

  swapWeights(input: StartRequest, context: CallContext): Promise<Weights> | AsyncIterable<WeightsEvent> {
    if (!input.stream) return this.#loadWeights(input, context.signal);
    return streamed<WeightsEvent>(context.signal, async (push, signal) => ({
      event: 'done',
      data: await this.#loadWeights(input, signal, (data) => push({ event: 'progress', data })),
    }));
  }

  async #loadWeights(
    input: StartRequest,
    signal = new AbortController().signal,
    onProgress: (progress: LoadProgress) => void = () => {},
  ): Promise<Weights> {
    if (this.#load)
      throw new ApiError('conflict', 'Another load is in progress; GET /model/weights tells how far it is. Wait for it, or abort it.');
    this.#load = new WeightsLoad(input, signal, onProgress);
    try {
      const weights = await this.#load.run(this.#platform, (model) => this.#activate(model));
      const { keptOnly: _, ...request }: StartRequest = input;
      this.onSwapped(weights.model_id, request);
      return weights;
    } catch (error) {
      this.#failure = ApiError.from(error).message;
      throw error;
    } finally {
      this.#load = null;
    }
  }

  async #activate(model: LoadedModel): Promise<Weights> {
    await this.#options.restored;
    const serving = await this.#active.swap(model);
    this.#failure = null;
    return describeWeights(serving);
  }

  /** The active model, noted in the call's metadata. */
  #ready(context: CallContext): ServingModel {
    const model = this.#active.current;
    if (!model) {
      const why = this.#load ? 'The model is still loading' : this.#failure ? `Loading failed: ${this.#failure}` : 'No model was loaded';
      throw new ApiError('model_not_loaded', `${why}. GET /model/weights tells the progress; PUT /model/weights loads one.`);
    }
    context.model = this.#active.metadata();
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
