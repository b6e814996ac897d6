/**
 * The starts that are under way, in this tab and in others, each with the patches that it tries.
 *
 * A start is noted before its first patch becomes active, and no longer once a model serves: one that is still noted when its tab is gone was cut short.
 */
import type { RecordStore } from '../../environment/record-store.ts';
import type { PatchName } from '../../environment/work.ts';

export interface StartRecord {
  id: string;
  tried: PatchName[];
}

/** For what lies in the browser's storage. */
export function isStartRecord(kept: unknown): kept is StartRecord {
  const { id, tried } = Object(kept) as Partial<StartRecord>;
  return typeof id === 'string' && Array.isArray(tried) && tried.every(isPatchName);
}

function isPatchName(kept: unknown): kept is PatchName {
  const { id, revisionId } = Object(kept) as Partial<PatchName>;
  return typeof id === 'string' && typeof revisionId === 'string';
}

export interface Starts {
  /** Of the one that is begun here. */
  name: string;
  /** The names of those that were left while their worker answered: what they tried did no harm. */
  leftWell: readonly string[];
  /** Those of the names whose tab still lives. */
  presentOf: (names: readonly string[]) => Promise<ReadonlySet<string>>;
}

export class StartLog {
  readonly #tried: PatchName[] = [];

  constructor(
    private readonly store: RecordStore<StartRecord>,
    private readonly starts: Starts,
  ) {}

  /** What was tried by starts that were cut short, which are forgotten with that. */
  async takeCutShort(): Promise<PatchName[]> {
    const { name, leftWell, presentOf } = this.starts;
    const records = (await this.store.list()).filter(({ id }) => id !== name);
    if (records.length === 0) return [];
    // Asked after they were read: whoever wrote one was present before.
    const present = await presentOf(records.map(({ id }) => id));
    const over = records.filter(({ id }) => !present.has(id));
    await Promise.all(over.map(({ id }) => this.store.delete(id)));
    return over.filter(({ id }) => !leftWell.includes(id)).flatMap(({ tried }) => tried);
  }

  /** Resolves when that is noted. */
  async tries(patch: PatchName): Promise<void> {
    this.#tried.push(patch);
    await this.store.put({ id: this.starts.name, tried: this.#tried });
  }

  async end(): Promise<void> {
    if (this.#tried.length === 0) return;
    this.#tried.length = 0;
    await this.store.delete(this.starts.name);
  }
}
