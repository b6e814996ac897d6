/** Patches: a candidate that passes its check becomes active between two steps, is kept, and can be taken back. */
import { ApiError, type CallContext, type Output, type ParsedInput } from '../../contract/index.ts';
import { Mutex } from '../../environment/mutex.ts';
import type { ActiveModel } from '../serving/active-model.ts';
import { activate } from './activation.ts';
import { type Checking, rejected, reportOf } from './checking.ts';
import { isAccepted } from './check/protocol.ts';
import type { CompiledModule } from './compiled-module.ts';
import { describeVersion, summaryOf } from './resources.ts';
import { revisionIdOf } from './revision.ts';
import type { RevisionHistory, Version } from './revision-history.ts';

type Input<O extends 'patch' | 'remove' | 'revert'> = ParsedInput<'code', O>;

export class Patching {
  /** What is asked of one resource is done in the order in which it came. */
  readonly #ofResource = new Map<string, Mutex>();

  constructor(
    private readonly active: ActiveModel,
    private readonly history: RevisionHistory,
    private readonly checking: Checking,
  ) {}

  patch(input: Input<'patch'>, context: CallContext): Promise<Output<'code', 'patch'>> {
    return this.#inTurn(input.id, () => this.#patch(input, context));
  }

  async #patch(input: Input<'patch'>, { signal }: CallContext): Promise<Output<'code', 'patch'>> {
    const { id, source, message } = input;
    const { history } = this;
    if (!history.canMake(id)) await history.require(id);
    const language = this.checking.language(id, input.language);
    await this.#checkBase(input);
    const outcome = await this.checking.check({ id, source, language }, null, input.time_limit_ms, signal);
    if (!isAccepted(outcome)) throw rejected(id, outcome);
    const version: Version = {
      ...{ revisionId: await revisionIdOf(language, source), language, source, message },
      ...{ builtIn: false, createdAt: new Date().toISOString() },
    };
    if (!input.validate_only) {
      // A model that came meanwhile may have dropped what was edited.
      await this.#checkBase(input);
      await this.#takeOver(id, version, outcome.module);
    }
    const exists = (await history.ids()).includes(id);
    return {
      resource: exists ? await summaryOf(history, id) : describeVersion(history, id, version, 1, null),
      revision_id: version.revisionId,
      active: !input.validate_only,
      ...reportOf(outcome),
    };
  }

  remove({ id }: Input<'remove'>): Promise<Output<'code', 'remove'>> {
    return this.#inTurn(id, async () => {
      await this.history.require(id);
      const isBuiltIn = this.history.definition(id) !== null;
      const restored = isBuiltIn && this.active.patch(id) !== null;
      if (restored) await this.active.putCode(id, null);
      return { id, deleted: !isBuiltIn, restored, revisions_deleted: await this.history.forget(id) };
    });
  }

  revert({ id, revision_id }: Input<'revert'>): Promise<Output<'code', 'revert'>> {
    const { history } = this;
    return this.#inTurn(id, async () => {
      await history.require(id);
      const before = await history.active(id);
      const target = revision_id === undefined ? await history.builtIn(id) : await history.version(id, revision_id);
      if (!target) throw new ApiError('conflict', `${id} has no built-in version to go back to; name a revision_id.`);
      const changed = target.revisionId !== before.revisionId;
      if (changed) await this.#goBack(id, target);
      return { resource: await summaryOf(history, id), revision_id: target.revisionId, changed };
    });
  }

  #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#ofResource.get(id) ?? new Mutex();
    this.#ofResource.set(id, turns);
    return turns.run(work);
  }

  async #checkBase({ id, base_revision_id }: Input<'patch'>): Promise<void> {
    if (base_revision_id === undefined || !(await this.history.ids()).includes(id)) return;
    const { revisionId } = await this.history.active(id);
    if (revisionId === base_revision_id) return;
    throw new ApiError(
      'conflict',
      `Revision ${revisionId} of ${id} has become active since ${base_revision_id}, which was edited; nothing was changed.`,
    );
  }

  async #takeOver(id: string, version: Version, module: CompiledModule | null): Promise<void> {
    const builtIn = await this.history.builtIn(id);
    if (version.revisionId === builtIn?.revisionId) return this.#goBack(id, builtIn);
    if (this.history.definition(id)) await activate(this.active, id, version, module);
    await this.history.keep(id, { ...version, createdAt: version.createdAt! });
  }

  async #goBack(id: string, version: Version): Promise<void> {
    if (version.builtIn) await this.active.putCode(id, null);
    else if (this.history.definition(id)) await activate(this.active, id, version);
    await this.history.setActive(id, version.builtIn ? null : version.revisionId);
  }
}
