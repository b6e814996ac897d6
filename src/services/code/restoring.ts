/** The patches of the last visit: which of them become active again, and which are left out, then and when the model changes. */
import type { LeftOut, Suspect } from '../../contract/left-out.ts';
import { messageOf } from '../../engine/index.ts';
import type { PatchName } from '../../environment/work.ts';
import type { ActiveModel, Change } from '../serving/active-model.ts';
import { activate } from './activation.ts';
import type { RevisionHistory } from './revision-history.ts';
import type { StartLog } from './start-log.ts';

/** What is known of the last start. */
export interface LastStart {
  /** Active when a worker stopped answering. */
  leaveOut: readonly Suspect[];
  /** What came to no end. */
  starts: Pick<StartLog, 'takeCutShort' | 'tries' | 'end'>;
}

export class Restoring {
  /** What of the last visit does not become active again is settled, before any patch runs. */
  readonly sorted: Promise<void>;
  readonly restored: Promise<void>;

  constructor(
    private readonly active: ActiveModel,
    private readonly history: RevisionHistory,
    private readonly lastStart: LastStart,
    private readonly onLeftOut: (leftOut: LeftOut) => void,
  ) {
    active.onChanged((change) => this.#follow(change));
    this.sorted = this.#sortOut();
    this.restored = this.sorted.then(() => this.#restore());
  }

  /** Before any of them runs, so that no patch can lock a person out. */
  async #sortOut(): Promise<void> {
    const { leaveOut, starts } = this.lastStart;
    const cutShort = await starts.takeCutShort();
    for (const { id, revision } of await this.history.patchedBefore()) {
      const { revisionId } = revision;
      const isThis = (each: PatchName) => each.id === id && each.revisionId === revisionId;
      const why = leaveOut.find(isThis)?.why ?? (cutShort.some(isThis) ? 'start' : null);
      if (why) await this.#leaveOut({ id, revisionId }, why);
    }
  }

  /** What was active when the page was left, those apart that are left out. */
  async #restore(): Promise<void> {
    for (const { id, revision } of await this.history.patchedBefore()) {
      const { revisionId } = revision;
      await this.lastStart.starts.tries({ id, revisionId });
      try {
        await activate(this.active, id, revision);
      } catch (error) {
        await this.#leaveOut({ id, revisionId }, 'failed', messageOf(error));
      }
    }
  }

  /** The history notes what is active no longer; a start has come to its end when a model serves. */
  async #follow({ what, dropped }: Change): Promise<void> {
    await Promise.all(
      dropped.map(({ id, revisionId, why, detail }) =>
        why === 'model' ? this.#leaveOut({ id, revisionId }, why, detail) : this.history.setActive(id, null),
      ),
    );
    if (what === 'model') await this.lastStart.starts.end();
  }

  async #leaveOut({ id, revisionId }: PatchName, why: LeftOut['why'], detail: string | null = null): Promise<void> {
    this.onLeftOut({ id, revisionId, why, detail, title: this.history.definition(id)?.title ?? id });
    await this.history.setActive(id, null);
  }
}
