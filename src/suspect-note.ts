/** Which patches were at work, or may have been, when the worker fell silent, noted where it outlives the tab: the next start leaves them out. */
import type { Suspect } from './contract/left-out.ts';
import { localTexts } from './environment/text-store.ts';

const SUSPECTS_KEY = 'glassbox-suspects';
/** The starts that were left while their worker answered, the latest last. */
const LEFT_WELL_KEY = 'glassbox-left-well';
const MAX_LEFT_WELL = 20;

export class SuspectNote {
  /** Given to the worker that starts now, and not yet taken. */
  #pending: readonly Suspect[] = [];
  #hasWritten = false;

  /** The worker has been silent, or is gone. */
  write(suspects: readonly Suspect[]): void {
    this.#hasWritten = true;
    this.#keep([...this.#pending, ...suspects]);
  }

  /** It answers again. */
  withdraw(): void {
    if (this.#hasWritten) this.#keep(this.#pending);
    this.#hasWritten = false;
  }

  /** The page goes, or its worker does, which answered until then. */
  leaveWell(start: string): void {
    localTexts.setItem(LEFT_WELL_KEY, JSON.stringify([...leftWell(), start].slice(-MAX_LEFT_WELL)));
  }

  /** For the worker that starts now. */
  take(): { leaveOut: readonly Suspect[]; leftWell: readonly string[] } {
    this.#pending = read();
    this.#hasWritten = false;
    return { leaveOut: this.#pending, leftWell: leftWell() };
  }

  /** The worker has noted them itself. */
  settle(): void {
    this.#pending = [];
    if (!this.#hasWritten) this.#keep([]);
  }

  #keep(patches: readonly Suspect[]): void {
    const distinct = [...new Map(patches.map((patch) => [`${patch.id}@${patch.revisionId}`, patch])).values()];
    if (distinct.length > 0) localTexts.setItem(SUSPECTS_KEY, JSON.stringify(distinct));
    else localTexts.removeItem(SUSPECTS_KEY);
  }
}

const read = (): Suspect[] =>
  listAt(SUSPECTS_KEY)
    .filter(isSuspect)
    .map(({ id, revisionId, why }) => ({ id, revisionId, why: why === 'silent' || why === 'again' ? why : 'active' }));

const leftWell = (): string[] => listAt(LEFT_WELL_KEY).filter((each) => typeof each === 'string');

/** What lies there may be of another version, or a neighbour's. */
function listAt(key: string): unknown[] {
  try {
    const kept = JSON.parse(localTexts.getItem(key) ?? '[]') as unknown;
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

const isSuspect = (value: unknown): value is Suspect =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<Suspect>).id === 'string' &&
  typeof (value as Partial<Suspect>).revisionId === 'string';
