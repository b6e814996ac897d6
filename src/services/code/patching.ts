/** Reading, checking, patching and taking back code resources: the operations of the contract that are about sources. */
import { Mutex } from '../../environment/mutex.ts';
import { ApiError, invalidInput, type CallContext, type Output, type ParsedInput } from '../../contract/index.ts';
import { currentWork, messageOf } from '../../engine/index.ts';
import { CodeMissingError } from '../../environment/load-code.ts';
import { CATALOGUE } from './catalogue.ts';
import type { CandidateChecker } from './check/candidate-checker.ts';
import { type CheckOutcome, isAccepted } from './check/protocol.ts';
import { compileModule, instantiate } from './compile-module.ts';
import type { CompiledModule, Language } from './compiled-module.ts';
import { declarationsOf } from './declarations.ts';
import type { EffectMeter } from './effect.ts';
import { type CodeInForce, NotPatchableError, type PatchableModel } from './in-force.ts';
import { kindOf, KINDS } from './kinds/index.ts';
import { kernelOf, kernelTrials } from './kernel/kernel-cases.ts';
import type { KernelChecker } from './kernel/kernel-checker.ts';
import { type Revision, revisionIdOf, type RevisionStore } from './revision.ts';
import { Shelf, type Version } from './shelf.ts';
import type { StartLog } from './start-log.ts';
import type { ComparedVersion, VersionComparer } from './version-comparer.ts';
import { type PatchName, watched, workOf } from './watched.ts';

type Input<O extends 'compareVersions' | 'patch' | 'resources' | 'resource' | 'revert' | 'testResource'> = ParsedInput<'code', O>;
type Check = Pick<Output<'code', 'testResource'>, 'diagnostics' | 'passed' | 'failed' | 'cases' | 'compile_ms' | 'test_ms'>;

/** What is known of the last start. */
export interface LastStart {
  /** Active when a worker stopped answering: known to be at work then (`silent`), or not; or when it did so twice amid the same work (`again`). */
  leaveOut: readonly (PatchName & { why: 'silent' | 'active' | 'again' })[];
  /** What came to no end. */
  starts: Pick<StartLog, 'takeCutShort' | 'tries' | 'end'>;
}

const NO_START: LastStart = { leaveOut: [], starts: { takeCutShort: async () => [], tries: async () => {}, end: async () => {} } };

/** A patch that was active and is no longer, though nobody took it back. */
export interface LeftOut extends PatchName {
  title: string;
  /** Left out of this start: at work, or active, or twice active (`again`), when a worker stopped answering; its last start was cut short; it could not be made active (`failed`). `model`: the model loaded since does not take it. */
  why: 'silent' | 'active' | 'again' | 'start' | 'failed' | 'model';
  /** What went wrong, where that is known. */
  detail: string | null;
}

export class Patching {
  readonly #shelf: Shelf;
  /** Patches of the last visit that are not to become active again by themselves. */
  readonly #sorted: Promise<void>;
  readonly #restored: Promise<void>;
  readonly #mutex = new Mutex();

  /**
   * @param checker of what is not WGSL
   * @param effects measures what a candidate does to the model; `null` where that can't be done
   * @param comparer runs a prompt under two versions; `null` where that can't be done
   */
  constructor(
    private readonly checker: CandidateChecker,
    private readonly inForce: CodeInForce,
    store: RevisionStore,
    private readonly effects: EffectMeter | null,
    private readonly kernels: KernelChecker,
    private readonly comparer: VersionComparer | null = null,
    private readonly lastStart: LastStart = NO_START,
    private readonly onLeftOut: (leftOut: LeftOut) => void = () => {},
  ) {
    this.#shelf = new Shelf(store, () => inForce.provider);
    this.#sorted = this.#sortOut();
    this.#restored = this.#sorted.then(() => this.#restore());
  }

  /** What of the last visit does not become active again: settled before any patch runs. */
  async sortedOut(): Promise<void> {
    await this.#sorted;
  }

  revisionsInForce(): Record<string, string> {
    return this.inForce.revisions();
  }

  /** For plans: a kept revision or the built-in one, to run beside what is active. */
  async revision(id: string, revisionId: string) {
    await this.#known(id);
    const { language, source, builtIn } = await this.#shelf.version(id, revisionId);
    return {
      ...{ revisionId, builtIn },
      variant: this.#shelf.definition(id)?.variants.find((variant) => variant.source === source)?.name ?? null,
      load: async (): Promise<unknown> => runTopLevel(await compileModule(source, id, language), { id, revisionId }),
    };
  }

  /** For the model service, before a model becomes active. */
  async equip(model: PatchableModel): Promise<void> {
    await this.#restored;
    for (const { id, revisionId, why } of await this.inForce.equip(model)) await this.#leaveOut({ id, revisionId }, 'model', why);
  }

  /** For the model service, after a model has become active. */
  async attach(model: PatchableModel): Promise<void> {
    await this.inForce.attach(model);
    await this.#sync();
    await this.lastStart.starts.end();
    void this.checker.warmUp();
  }

  async resources({ service, kind, patched }: Input<'resources'>): Promise<Output<'code', 'resources'>> {
    await this.#sync();
    void this.checker.warmUp();
    const all = await Promise.all((await this.#shelf.ids()).map((id) => this.#shelf.summary(id)));
    return {
      resources: all.filter(
        (each) =>
          (service === undefined || each.service === service) &&
          (kind === undefined || each.kind === kind) &&
          (patched === undefined || each.patched === patched),
      ),
    };
  }

  async resource({ id, revision_id }: Input<'resource'>): Promise<Output<'code', 'resource'>> {
    await this.#known(id);
    const shelf = this.#shelf;
    const version = revision_id === undefined ? await shelf.inForce(id) : await shelf.version(id, revision_id);
    const definition = shelf.definition(id);
    return {
      ...(await shelf.summary(id)),
      source: version.source,
      signature: definition?.signature ?? '',
      declarations: definition?.languages.includes('typescript') ? await declarationsOf() : '',
      variants: [...(definition?.variants ?? [])],
      examples: examplesOf(id),
    };
  }

  async revisions({ id }: { id: string }): Promise<Output<'code', 'revisions'>> {
    await this.#known(id);
    const current = await this.#shelf.inForce(id);
    const versions = await this.#shelf.versions(id);
    return {
      id,
      revisions: versions.map(({ revisionId, language, source, message, builtIn, createdAt }) => ({
        ...{ revision_id: revisionId, language, source, message, built_in: builtIn, created_at: createdAt },
        active: revisionId === current.revisionId,
      })),
    };
  }

  async patch(input: Input<'patch'>, { signal }: CallContext): Promise<Output<'code', 'patch'>> {
    const { id, source, message } = input;
    await this.#sync();
    if (!this.#shelf.canMake(id)) await this.#shelf.require(id);
    const language = this.#language(id, input.language);
    await this.#checkBase(input);
    const outcome = await this.#check(id, source, language, null, input.time_limit_ms, signal);
    if (!isAccepted(outcome)) throw rejected(id, outcome);
    const version: Version = {
      ...{ revisionId: await revisionIdOf(language, source), language, source, message },
      ...{ builtIn: false, createdAt: new Date().toISOString() },
    };
    if (!input.validate_only) {
      await this.#mutex.run(async () => {
        await this.#checkBase(input);
        await this.#takeForce(id, version, outcome.module);
      });
    }
    const exists = (await this.#shelf.ids()).includes(id);
    return {
      resource: exists ? await this.#shelf.summary(id) : this.#shelf.describe(id, version, 1, false),
      revision_id: version.revisionId,
      active: !input.validate_only,
      ...checkOf(outcome),
      effect: null,
    };
  }

  async remove({ id }: { id: string }): Promise<Output<'code', 'remove'>> {
    await this.#known(id);
    return this.#mutex.run(async () => {
      const isBuiltIn = this.#shelf.definition(id) !== null;
      const restored = isBuiltIn && this.inForce.revisions()[id] !== undefined;
      if (restored) await this.inForce.put(id, null);
      return { id, deleted: !isBuiltIn, restored, revisions_deleted: await this.#shelf.forget(id) };
    });
  }

  async revert({ id, revision_id }: Input<'revert'>): Promise<Output<'code', 'revert'>> {
    await this.#known(id);
    return this.#mutex.run(async () => {
      const before = await this.#shelf.inForce(id);
      const target = revision_id === undefined ? await this.#shelf.builtIn(id) : await this.#shelf.version(id, revision_id);
      if (!target) throw new ApiError('conflict', `${id} has no built-in version to go back to; name a revision_id.`);
      const changed = target.revisionId !== before.revisionId;
      if (changed) await this.#goBack(id, target);
      return { resource: await this.#shelf.summary(id), revision_id: target.revisionId, changed };
    });
  }

  /** On a runner of its own: what is active goes on. */
  async compareVersions(input: Input<'compareVersions'>, { signal }: CallContext): Promise<Output<'code', 'compareVersions'>> {
    const { id } = input;
    await this.#known(id);
    if (!kindOf(id)?.changes) {
      const comparable = KINDS.filter(({ changes }) => changes).map((kind) => kind.id);
      throw new ApiError('conflict', `${id} changes no text: only ${comparable.join(', ')} can be compared on a prompt.`);
    }
    const { model } = this.inForce;
    if (!model || !this.comparer) throw new ApiError('model_not_loaded', 'No model is loaded yet; PUT /model/weights loads one.');
    const after = input.revision_id === undefined ? await this.#shelf.inForce(id) : await this.#shelf.version(id, input.revision_id);
    const builtIn = await this.#shelf.builtIn(id);
    const before = input.base_revision_id === undefined ? builtIn : await this.#shelf.version(id, input.base_revision_id);
    const codeOf = async ({ revisionId, language, source, builtIn: isBuiltIn }: Version): Promise<ComparedVersion> => {
      const exported = isBuiltIn ? null : await runTopLevel(await compileModule(source, id, language), { id, revisionId });
      return { revisionId, ...this.inForce.codeWith(id, isBuiltIn ? null : { revisionId, exported }) };
    };
    const versions = [await codeOf(before!), await codeOf(after)];
    const others = Object.entries(this.inForce.revisions()).filter(([other]) => other !== id && kindOf(other)?.changes);
    const [first, second] = await this.comparer.compare(model, versions, input, signal);
    return { id, before: first!, after: second!, other_revisions: Object.fromEntries(others) };
  }

  async testResource(input: Input<'testResource'>, { signal }: CallContext): Promise<Output<'code', 'testResource'>> {
    const { id, cases } = input;
    await this.#known(id);
    const candidate = input.source !== undefined;
    const { source, language } = candidate
      ? { source: input.source!, language: this.#language(id, input.language) }
      : await this.#shelf.inForce(id);
    const names = examplesOf(id).map(({ name }) => name);
    const unknown = cases?.filter((name) => !names.includes(name)) ?? [];
    if (unknown.length > 0) {
      throw new ApiError(
        'not_found',
        `${id} has no case ${unknown.map((name) => `"${name}"`).join(', ')}; it has ${names.join(', ') || 'none'}.`,
      );
    }
    const outcome = await this.#check(id, source, language, cases ?? null, input.time_limit_ms, signal);
    const effect = input.compare && isAccepted(outcome) && outcome.module ? await this.#effect(id, outcome.module) : null;
    return { id, candidate, ...checkOf(outcome), effect };
  }

  async #effect(id: string, module: CompiledModule): Promise<Output<'code', 'testResource'>['effect']> {
    const { model } = this.inForce;
    if (!model || !this.effects || !this.inForce.checkedModel || !kindOf(id)?.fragment) return null;
    const exported = await runTopLevel(module, { id, revisionId: 'candidate' });
    return this.effects.measure(model, this.inForce.fragmentsWith(id, exported));
  }

  #check(
    id: string,
    source: string,
    language: Language,
    cases: readonly string[] | null,
    limitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<CheckOutcome> {
    const kernel = kernelOf(id);
    if (kernel) return this.kernels.check(kernel, source, cases, limitMs, signal);
    return this.checker.check({ id, source, language, model: this.inForce.checkedModel, cases }, limitMs, signal);
  }

  /** @throws ApiError validation_failed naming those in which it can be written */
  #language(id: string, wanted: Language | undefined): Language {
    const languages = this.#shelf.languages(id);
    const language = wanted ?? languages[0]!;
    if (languages.includes(language)) return language;
    throw invalidInput([{ path: '/language', message: `must be ${languages.join(' or ')} for ${id}; it is "${language}".` }]);
  }

  async #checkBase({ id, base_revision_id }: Input<'patch'>): Promise<void> {
    if (base_revision_id === undefined || !(await this.#shelf.ids()).includes(id)) return;
    const { revisionId } = await this.#shelf.inForce(id);
    if (revisionId === base_revision_id) return;
    throw new ApiError(
      'conflict',
      `Revision ${revisionId} of ${id} has become active since ${base_revision_id}, which was edited; nothing was changed.`,
    );
  }

  async #takeForce(id: string, version: Version, module: CompiledModule | null): Promise<void> {
    const builtIn = await this.#shelf.builtIn(id);
    if (version.revisionId === builtIn?.revisionId) return this.#goBack(id, builtIn);
    if (this.#shelf.definition(id)) await this.#put(id, version, module);
    await this.#shelf.keep(id, { ...version, createdAt: version.createdAt! });
  }

  async #goBack(id: string, version: Version): Promise<void> {
    if (version.builtIn) await this.inForce.put(id, null);
    else if (this.#shelf.definition(id)) await this.#put(id, version);
    await this.#shelf.setInForce(id, version.builtIn ? null : version.revisionId);
  }

  /** @param compiled where it was compiled for the check; what a kernel is made of the device compiles itself */
  async #put(
    id: string,
    { revisionId, source, language }: Omit<Revision, 'createdAt'>,
    compiled: CompiledModule | null = null,
  ): Promise<void> {
    try {
      const exported =
        language === 'wgsl' ? source : await runTopLevel(compiled ?? (await compileModule(source, id, language)), { id, revisionId });
      await this.inForce.put(id, { revisionId, exported });
    } catch (error) {
      if (error instanceof NotPatchableError) throw new ApiError('conflict', error.message, [], { cause: error });
      const message = messageOf(error);
      const detail = `${id} could not become active, and the version before it goes on: ${message}`;
      // What did not come is no fault of the source's.
      if (error instanceof CodeMissingError) throw new ApiError('internal', detail, [], { cause: error });
      throw new ApiError('code_invalid', detail, [{ path: 'source', message }], { cause: error });
    }
  }

  /** Before any of them runs, so that no patch can lock a person out. */
  async #sortOut(): Promise<void> {
    const { leaveOut, starts } = this.lastStart;
    const cutShort = await starts.takeCutShort();
    for (const { id, revision } of await this.#shelf.patchedBefore()) {
      const { revisionId } = revision;
      const isThis = (each: PatchName) => each.id === id && each.revisionId === revisionId;
      const why = leaveOut.find(isThis)?.why ?? (cutShort.some(isThis) ? 'start' : null);
      if (why) await this.#leaveOut({ id, revisionId }, why);
    }
  }

  async #leaveOut({ id, revisionId }: PatchName, why: LeftOut['why'], detail: string | null = null): Promise<void> {
    this.onLeftOut({ id, revisionId, why, detail, title: this.#shelf.definition(id)?.title ?? id });
    await this.#shelf.setInForce(id, null);
  }

  /** What was active when the page was left, those apart that are left out. */
  async #restore(): Promise<void> {
    for (const { id, revision } of await this.#shelf.patchedBefore()) {
      await this.lastStart.starts.tries({ id, revisionId: revision.revisionId });
      try {
        await this.#put(id, revision);
      } catch (error) {
        await this.#leaveOut({ id, revisionId: revision.revisionId }, 'failed', messageOf(error));
      }
    }
  }

  async #known(id: string): Promise<void> {
    await this.#sync();
    await this.#shelf.require(id);
  }

  /** A policy or rule that was chosen by name has taken the place of a patch, or a vocabulary has come that the normalizer fails on. */
  async #sync(): Promise<void> {
    await this.#restored;
    const revisions = this.inForce.revisions();
    for (const { id } of CATALOGUE) {
      const revisionId = id === 'tokenizer.normalizer' && revisions[id] === undefined ? await this.#shelf.patchOf(id) : null;
      if (revisionId !== null) await this.#leaveOut({ id, revisionId }, 'model', 'It fails on the tokens of its vocabulary.');
      else await this.#shelf.setInForce(id, revisions[id] ?? null);
    }
  }
}

async function runTopLevel(module: CompiledModule, name: PatchName): Promise<unknown> {
  const work = workOf(name);
  return watched((await currentWork.throughout(work, () => instantiate(module))).default, work);
}

const examplesOf = (id: string): { name: string; description: string }[] => {
  const kernel = kernelOf(id);
  return (kernel ? kernelTrials(kernel) : (kindOf(id)?.cases ?? [])).map(({ name, description }) => ({ name, description }));
};

function rejected(id: string, { diagnostics, cases }: CheckOutcome): ApiError {
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ line, column, message }) => ({ path: line === null ? 'source' : `source:${line}:${column ?? 1}`, message }))
    // Several cases may meet the same mistake.
    .filter(({ message }, i, all) => all.findIndex((each) => each.message === message) === i);
  if (errors.length === 0) errors.push({ path: 'source', message: `The case “${cases.find(({ passed }) => !passed)?.name}” failed.` });
  const [first] = errors;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  return new ApiError(
    'code_invalid',
    `${id} was not changed. ${first!.path.replace('source:', 'Line ').replace(/^source$/, 'The candidate')}: ${first!.message}${more}`,
    errors,
  );
}

const checkOf = ({ diagnostics, cases, compileMs, testMs }: CheckOutcome): Check => ({
  diagnostics,
  passed: cases.filter(({ passed }) => passed).length,
  failed: cases.filter(({ passed }) => !passed).length,
  cases,
  compile_ms: compileMs,
  test_ms: Math.max(0, testMs),
});
