/**
 * The model that serves, as one thing: folder, runner, engine, tokenizer, the code that is patched and the configuration. Every change of
 * any of them goes through here, whoever asks, one at a time: it is made as a whole, or what was active stays.
 */
import { ApiError, type ModelMetadata } from '../../contract/index.ts';
import { Engine, type EngineConfig, type EngineOptions, messageOf, type Tier } from '../../engine/index.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import { Listeners } from '../../environment/listeners.ts';
import { Mutex } from '../../environment/mutex.ts';
import type { PatchName } from '../../environment/work.ts';
import type { LoadedRunner } from '../../ports/model-platform.ts';
import type { Provider } from '../../ports/provider.ts';
import { kindOf, KINDS, NORMALIZER_KIND } from '../code/kinds/index.ts';
import { ActiveTokenizer } from './active-tokenizer.ts';
import { fitFragments, requireFragmentRunner } from './fit-fragments.ts';
import { codeOf, isFragment, type ModelCode, type Patch, type Patches, without, withPatch } from './patches.ts';

/** A model that stands ready beside the one that serves. */
export interface LoadedModel extends LoadedRunner {
  folder: ModelFolder;
  tokenizer: Tokenizer;
  loadedAt: string;
  loadMs: number;
}

export interface ServingModel extends LoadedModel {
  readonly engine: Engine;
}

/** A patch that is active no longer, though nobody took it back. */
export interface DroppedPatch extends PatchName {
  /** `chosen`: another policy or rule was chosen by name. `model`: the model or its tokenizer does not take it. */
  why: 'chosen' | 'model';
  detail: string | null;
}

export interface Change {
  what: 'model' | 'code' | 'config' | 'tokenizer';
  dropped: readonly DroppedPatch[];
}

/** Whoever asked for the change waits until it has followed. */
type Listener = (change: Change) => void | Promise<void>;

export class ActiveModel {
  #model: ServingModel | null = null;
  #patches: Patches = new Map();
  readonly #listeners = new Listeners<Listener>();
  /** Told in the same turn of every change, so that no patch runs before it is known to be active. */
  readonly onChanged = this.#listeners.subscribe;
  readonly #turns = new Mutex();
  readonly text = new ActiveTokenizer();

  /** @param options what the engine starts with, beside the active code */
  constructor(private readonly options: Partial<EngineOptions> = {}) {}

  get current(): ServingModel | null {
    return this.#model;
  }

  /** @throws ApiError model_not_loaded */
  get required(): ServingModel {
    if (this.#model) return this.#model;
    throw new ApiError('model_not_loaded', 'No model is loaded yet; PUT /model/weights loads one, GET /model/weights tells how far it is.');
  }

  /** @throws ApiError model_not_loaded */
  get engine(): Engine {
    return this.required.engine;
  }

  /** Of the built-in code: that of the model, or what any machine has. */
  get provider(): Provider {
    return this.#model?.provider ?? 'wasm';
  }

  get patched(): readonly PatchName[] {
    return Array.from(this.#patches, ([id, { revisionId }]) => ({ id, revisionId }));
  }

  /** Revisions of what is patched, by resource. */
  revisions(): Record<string, string> {
    return Object.fromEntries(this.patched.map(({ id, revisionId }) => [id, revisionId]));
  }

  patch(id: string): Patch | null {
    return this.#patches.get(id) ?? null;
  }

  /** The active code with one resource replaced, or built in with `null`, to run beside it. */
  codeWith(id: string, patch: Patch | null): ModelCode {
    return codeOf(withPatch(this.#patches, id, patch), this.provider);
  }

  /** For the metadata of calls. */
  metadata(): ModelMetadata {
    const { folder, provider } = this.required;
    return { model_id: folder.id, execution_provider: provider, weights_hash: folder.hash, code_revisions: this.revisions() };
  }

  /**
   * Makes a model active that was loaded and checked beside this one. Requests under way end with a reason, since their tokens came from
   * other weights; patches that the model does not take go, so that it can serve. The runner before is disposed of.
   */
  async swap(model: LoadedModel): Promise<ServingModel> {
    const { followed, serving, before } = await this.#turns.run(async () => {
      const dropped = [...(await this.#misfits(model)), ...(this.text.fit(model.tokenizer) ? [] : this.#withoutNormalizer())];
      const code = codeOf(dropIn(this.#patches, dropped), model.provider);
      const before = this.#model;
      const engine = before?.engine ?? this.#newEngine(model, code);
      if (before) await engine.replaceRunner(model.runner, model.folder.hash, 'end');
      // From here on it serves.
      const serving = { ...model, engine };
      this.#model = serving;
      this.#keepOnly(dropIn(this.#patches, dropped));
      if (dropped.some(({ id }) => id === NORMALIZER_KIND.id)) this.text.setNormalizer(code.normalize);
      this.text.setModel({ tokenizer: model.tokenizer, id: model.folder.id, modelIds: model.runner.shape.vocabSize });
      if (engine.codeRevision !== code.fragmentRevision) await engine.setRevision(code.fragmentRevision, 'replay');
      return { followed: this.#tell({ what: 'model', dropped }), serving, before };
    });
    await followed;
    // What is left of the one before is no reason to fail.
    await before?.runner.dispose().catch(() => {});
    return serving;
  }

  /**
   * Changes the engine's configuration, and the tiers below the pool where some are given. A policy or rule that is chosen by name takes
   * the place of a patch.
   * @throws ApiError model_not_loaded, ConfigConflictError
   */
  async configure(changes: Partial<EngineConfig>, tiers?: readonly Tier[]): Promise<EngineConfig> {
    const { engine } = this.required;
    const { followed, config } = await this.#turns.run(async () => {
      const before = engine.config;
      const config = await engine.configure(changes, tiers);
      const chosen = KINDS.filter(({ chosenBy }) => chosenBy && config[chosenBy] !== before[chosenBy]);
      const dropped = chosen.flatMap(({ id }) => this.#dropped(id, 'chosen', null));
      this.#keepOnly(dropIn(this.#patches, dropped));
      return { followed: this.#tell({ what: 'config', dropped }), config };
    });
    await followed;
    return config;
  }

  /**
   * Makes a patch active, or the built-in version with `null`, for the next step.
   * @throws NotPatchableError, GraphError, PatchedCodeError, and what the runtime throws
   */
  async putCode(id: string, patch: Patch | null): Promise<void> {
    const { followed } = await this.#turns.run(async () => {
      await this.#run(id, this.codeWith(id, patch));
      this.#keepOnly(withPatch(this.#patches, id, patch));
      return { followed: this.#tell({ what: 'code', dropped: [] }) };
    });
    await followed;
  }

  /** @param tokenizer `null`: the model's own. @throws ApiError model_not_loaded where there is none */
  useTokenizer(tokenizer: Tokenizer | null): void {
    const dropped = !tokenizer || this.text.fit(tokenizer) ? [] : this.#withoutNormalizer();
    this.text.setCustom(tokenizer && { tokenizer, id: 'custom' });
    this.#keepOnly(dropIn(this.#patches, dropped));
    if (dropped.length > 0) this.text.setNormalizer(codeOf(this.#patches, this.provider).normalize);
    void this.#tell({ what: 'tokenizer', dropped });
  }

  #newEngine({ runner, folder }: LoadedModel, { sample, policy, eviction, fragmentRevision }: ModelCode): Engine {
    return new Engine(runner, { sample, policy, eviction, ...this.options, weightsHash: folder.hash, codeRevision: fragmentRevision });
  }

  /** Puts the patched fragments into the runner of a model that is to serve. @returns those that it does not take */
  async #misfits({ runner, provider }: LoadedModel): Promise<DroppedPatch[]> {
    const fragments = [...this.#patches.keys()].filter(isFragment);
    if (fragments.length === 0) return [];
    try {
      await fitFragments(requireFragmentRunner(runner), codeOf(this.#patches, provider), codeOf(new Map(), provider));
      return [];
    } catch (error) {
      return fragments.flatMap((id) => this.#dropped(id, 'model', messageOf(error)));
    }
  }

  #withoutNormalizer(): DroppedPatch[] {
    return this.#dropped(NORMALIZER_KIND.id, 'model', 'It fails on the tokens of its vocabulary.');
  }

  #dropped(id: string, why: DroppedPatch['why'], detail: string | null): DroppedPatch[] {
    const patch = this.#patches.get(id);
    return patch ? [{ id, revisionId: patch.revisionId, why, detail }] : [];
  }

  /** What is active no longer does nothing by itself any more. */
  #keepOnly(patches: Patches): void {
    const before = this.#patches;
    this.#patches = patches;
    for (const [id, patch] of before) if (patches.get(id) !== patch) patch.end?.();
  }

  /** Puts the code of one resource where it runs. Kernels ask for theirs; what is without a model becomes active with the first. */
  async #run(id: string, code: ModelCode): Promise<void> {
    const model = this.#model;
    await kindOf(id)?.put(code, { engine: model?.engine ?? null, text: this.text });
    if (!model || !isFragment(id)) return;
    const runner = requireFragmentRunner(model.runner);
    const before = codeOf(this.#patches, model.provider);
    await model.engine.setRevision(code.fragmentRevision, 'replay', () => fitFragments(runner, code, before));
  }

  /** What goes wrong for one that follows does not undo the change. */
  #tell(change: Change): Promise<unknown> {
    return Promise.allSettled(Array.from(this.#listeners, async (listener) => listener(change)));
  }
}

const dropIn = (patches: Patches, dropped: readonly DroppedPatch[]): Patches =>
  dropped.length === 0
    ? patches
    : without(
        patches,
        dropped.map(({ id }) => id),
      );
