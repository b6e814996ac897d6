/** What patched code is active, and the one place that puts it there: into the runner's graph, the sampler, the policy, the eviction rule, the tokenizer; kernels ask for theirs. */
import {
  messageOf,
  type EngineConfig,
  type EvictionSource,
  type ModelRunner,
  type PolicySource,
  type SamplingFunction,
} from '../../engine/index.ts';
import type { ModelFragments } from '../../engine/graph/index.ts';
import type { TextNormalizer } from '../../engine/text/text-normalizer.ts';
import type { Tokenizer } from '../../engine/text/tokenizer.ts';
import type { ModelFolder } from '../../engine/weights.ts';
import { lru } from '../../patchable/memory/index.ts';
import { builtinFragments } from '../../patchable/model/index.ts';
import sample from '../../patchable/sampler/default.ts';
import { fcfs } from '../../patchable/scheduler/index.ts';
import { type FragmentRunner, takesFragments } from '../../ports/model-platform.ts';
import type { Provider } from '../../ports/provider.ts';
import type { EngineHost } from '../engine-host.ts';
import type { CheckedModel } from './check/protocol.ts';
import { kindOf } from './kinds/index.ts';

/** A version that can be put active. */
export interface Patch {
  revisionId: string;
  /** The default export; of a kernel its source. */
  exported: unknown;
}

/** A model as far as code cares. */
export interface PatchableModel {
  runner: ModelRunner;
  provider: Provider;
  computeDtype: string;
  folder: Pick<ModelFolder, 'config' | 'generationConfig' | 'tensors' | 'bytes' | 'graph'>;
}

/** What takes a normalizer: the tokenizer service. */
export interface NormalizingText {
  readonly normalizer: TextNormalizer;
  readonly tokenizer: Tokenizer;
  /** As it would be with another normalizer. */
  encodeWith(normalize: TextNormalizer | null, text: string): { ids: number[]; tokens: string[] };
  /** Left out: the built-in one. */
  setNormalizer(normalize?: TextNormalizer): void;
}

/** All code that a prompt meets on its way to text. */
export interface VersionCode {
  fragments: ModelFragments;
  /** Names them; empty where all are built in. */
  fragmentRevision: string;
  sample: SamplingFunction;
  /** `null`: the built-in one. */
  normalize: TextNormalizer | null;
}

const NO_FRAGMENTS = 'The loaded model is an opaque graph: it has no fragments to patch.';

/** The graph has no fragments to replace, as that of an ONNX file. */
export class NotPatchableError extends Error {
  override readonly name = 'NotPatchableError';
}

type Patches = ReadonlyMap<string, Patch>;

export class CodeInForce {
  #current: Patches = new Map();
  #model: PatchableModel | null = null;
  /** What the engine was given for policy and eviction: whether it still has it is to be asked. */
  #policy: PolicySource | null = null;
  #eviction: EvictionSource | null = null;

  /** @param onChange told what is patched, whenever that has changed */
  constructor(
    private readonly host: EngineHost,
    private readonly tokenizer: NormalizingText,
    private readonly onChange: (patched: { id: string; revisionId: string }[]) => void = () => {},
  ) {}

  get #patches(): Patches {
    return this.#current;
  }

  set #patches(next: Patches) {
    this.#current = next;
    this.onChange(Array.from(next, ([id, { revisionId }]) => ({ id, revisionId })));
  }

  get provider(): Provider {
    return this.#model?.provider ?? 'wasm';
  }

  /** What fragments are checked against; `null` while none is loaded. */
  get checkedModel(): CheckedModel | null {
    const model = this.#model;
    if (!model || !takesFragments(model.runner)) return null;
    return {
      config: model.folder.config,
      provider: model.provider,
      computeDtype: model.computeDtype === 'float16' ? 'float16' : 'float32',
    };
  }

  get model(): PatchableModel | null {
    return this.#model;
  }

  /** Of what is patched, by resource. */
  revisions(): Record<string, string> {
    this.#dropReplaced();
    return Object.fromEntries(Array.from(this.#patches, ([id, { revisionId }]) => [id, revisionId]));
  }

  /** For the computation service: the source of a kernel, where it is patched. */
  kernelPatch(resourceId: string): { revisionId: string; source: string } | null {
    const patch = this.#patches.get(resourceId);
    return patch ? { revisionId: patch.revisionId, source: patch.exported as string } : null;
  }

  /** The built-in fragments with one of them replaced, for a trial beside those. */
  fragmentsWith(id: string, exported: unknown): ModelFragments {
    return fragmentsOf(new Map([[id, { revisionId: '', exported }]]), this.provider);
  }

  /** What is active with one resource replaced, or built in with `null`, to run beside it. */
  codeWith(id: string, patch: Patch | null): VersionCode {
    const patches = new Map(this.#patches);
    if (patch) patches.set(id, patch);
    else patches.delete(id);
    return {
      fragments: fragmentsOf(patches, this.provider),
      fragmentRevision: revisionOf(patches),
      sample: (patches.get('sampler')?.exported as SamplingFunction | undefined) ?? sample,
      normalize: (patches.get('tokenizer.normalizer')?.exported as TextNormalizer | undefined) ?? null,
    };
  }

  /**
   * Puts a patch active, or the built-in version with `null`, for the next step. What was active stays where this fails.
   * @throws NotPatchableError, GraphError, and what the runtime throws
   */
  async put(id: string, patch: Patch | null): Promise<void> {
    const next = new Map(this.#patches);
    if (patch) next.set(id, patch);
    else next.delete(id);
    if (kindOf(id)?.fragment) await this.#putFragments(next);
    else if (id === 'sampler') this.host.current?.setSampler((patch?.exported as SamplingFunction | undefined) ?? sample);
    else if (id === 'scheduler.policy') await this.#putPolicy(patch);
    else if (id === 'memory.eviction') await this.#putEviction(patch);
    else if (id === 'tokenizer.normalizer') this.tokenizer.setNormalizer(patch?.exported as TextNormalizer | undefined);
    this.#patches = next;
  }

  /**
   * Before a model becomes active: its runner gets the patched fragments. Those that do not fit it go, so that the model can serve.
   * @returns those whose built-in version is back, and why
   */
  async equip({ runner, provider }: PatchableModel): Promise<{ id: string; revisionId: string; why: string }[]> {
    const fragments = new Map([...this.#patches].filter(([id]) => kindOf(id)?.fragment));
    if (fragments.size === 0) return [];
    try {
      if (!takesFragments(runner)) throw new NotPatchableError(NO_FRAGMENTS);
      await setTried(runner, fragments, provider, null);
      return [];
    } catch (error) {
      this.#patches = new Map([...this.#patches].filter(([id]) => !kindOf(id)?.fragment));
      return Array.from(fragments, ([id, { revisionId }]) => ({ id, revisionId, why: messageOf(error) }));
    }
  }

  /** After a model has become active: the engine learns what of its code is patched. */
  async attach(model: PatchableModel): Promise<void> {
    this.#model = model;
    const { engine } = this.host;
    const revision = revisionOf(this.#patches);
    if (engine.codeRevision !== revision) await engine.setRevision(revision, 'replay');
    const sampler = this.#patches.get('sampler');
    if (sampler) engine.setSampler(sampler.exported as SamplingFunction);
    const [policy, eviction] = [this.#patches.get('scheduler.policy'), this.#patches.get('memory.eviction')];
    if (policy && this.#policy === null) await this.#putPolicy(policy);
    if (eviction && this.#eviction === null) await this.#putEviction(eviction);
  }

  async #putFragments(next: Patches): Promise<void> {
    const model = this.#model;
    const engine = this.host.current;
    // It becomes active with the first model.
    if (!model || !engine) return;
    const { runner, provider } = model;
    if (!takesFragments(runner)) throw new NotPatchableError(NO_FRAGMENTS);
    await engine.setRevision(revisionOf(next), 'replay', () => setTried(runner, next, provider, this.#patches));
  }

  async #putPolicy(patch: Patch | null): Promise<void> {
    const policy = (patch?.exported as PolicySource | undefined) ?? fcfs;
    const isOurs = this.#policy === null || this.host.current?.config.policy === this.#policy;
    if (patch || isOurs) await this.#configure({ policy, policyParameters: {} });
    this.#policy = patch && this.host.current ? policy : null;
  }

  async #putEviction(patch: Patch | null): Promise<void> {
    const eviction = patch ? patchedEviction(patch.exported) : lru;
    const isOurs = this.#eviction === null || this.host.current?.config.eviction === this.#eviction;
    if (patch || isOurs) await this.#configure({ eviction });
    this.#eviction = patch && this.host.current ? eviction : null;
  }

  async #configure(changes: Partial<EngineConfig>): Promise<void> {
    await this.host.current?.configure(changes);
  }

  /** A policy or rule that was chosen by name since is active instead of the patch, and a normalizer that no vocabulary takes is not. */
  #dropReplaced(): void {
    const config = this.host.current?.config;
    const normalizer = this.#patches.get('tokenizer.normalizer');
    const gone = [
      ...(this.#policy && config && config.policy !== this.#policy ? ['scheduler.policy'] : []),
      ...(this.#eviction && config && config.eviction !== this.#eviction ? ['memory.eviction'] : []),
      ...(normalizer && this.tokenizer.normalizer !== normalizer.exported ? ['tokenizer.normalizer'] : []),
    ];
    if (gone.length === 0) return;
    if (gone.includes('scheduler.policy')) this.#policy = null;
    if (gone.includes('memory.eviction')) this.#eviction = null;
    this.#patches = new Map([...this.#patches].filter(([id]) => !gone.includes(id)));
  }
}

/** A rule made of a default export, told apart from those that came with the workbench. */
export function patchedEviction(exported: unknown): EvictionSource {
  const rule = exported as EvictionSource;
  return { name: 'patched', rule: rule.rule, score: (block) => rule.score(block) };
}

function fragmentsOf(patches: Patches, provider: Provider): ModelFragments {
  const patched = [...patches].flatMap(([id, { exported }]) => {
    const fragment = kindOf(id)?.fragment;
    return fragment ? [[fragment, exported]] : [];
  });
  return { ...builtinFragments(provider), ...(Object.fromEntries(patched) as Partial<ModelFragments>) };
}

/** What prefix hashes carry: the code that makes keys and values. Empty while it is the built-in one. */
const revisionOf = (patches: Patches): string =>
  [...patches]
    .filter(([id]) => kindOf(id)?.fragment)
    .map(([id, { revisionId }]) => `${id}@${revisionId}`)
    .toSorted()
    .join('+');

/** Sets fragments and runs a few tokens: a graph that the runtime opens may still fail, or give what is no number. */
async function setTried(runner: FragmentRunner, patches: Patches, provider: Provider, before: Patches | null): Promise<void> {
  await runner.setFragments(fragmentsOf(patches, provider), revisionOf(patches) || 'built-in');
  try {
    const tokenIds = Array.from(
      { length: Math.min(TRIED_TOKENS, runner.shape.maxPositionEmbeddings) },
      (_, i) => i % runner.shape.vocabSize,
    );
    const { logits } = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'last' }]);
    const wrong = logits[0]!.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new RangeError(`Logit ${wrong} of a short trial run is ${logits[0]![wrong]}; it must be a finite number.`);
  } catch (error) {
    if (before) await runner.setFragments(fragmentsOf(before, provider), revisionOf(before) || 'built-in');
    throw error;
  }
}

/** Tokens of the trial run. */
const TRIED_TOKENS = 3;
