/** Which patches were at work when the worker fell silent, noted where it outlives the tab: the next start leaves them out. */
import { localTexts } from './environment/text-store.ts';
import type { PatchName } from './worker-messages.ts';

const SUSPECTS_KEY = 'glassbox-suspects';
/** There while nothing is known against the last start. */
const LEFT_WELL_KEY = 'glassbox-left-well';

export class SuspectNote {
  /** Given to the worker that starts now, and not yet taken. */
  #pending: readonly PatchName[] = [];
  #hasWritten = false;

  /** The worker has been silent, or is gone. */
  write(suspects: readonly PatchName[]): void {
    this.#hasWritten = true;
    this.#keep([...this.#pending, ...suspects]);
  }

  /** It answers again. */
  withdraw(): void {
    if (this.#hasWritten) this.#keep(this.#pending);
    this.#hasWritten = false;
  }

  /** The page goes, or its worker does. @param isWell whether that answered until then */
  leave(isWell: boolean): void {
    if (isWell) localTexts.setItem(LEFT_WELL_KEY, 'yes');
    else localTexts.removeItem(LEFT_WELL_KEY);
  }

  /** For the worker that starts now. */
  take(): { leaveOut: readonly PatchName[]; leftWell: boolean } {
    this.#pending = read();
    this.#hasWritten = false;
    const leftWell = localTexts.getItem(LEFT_WELL_KEY) !== null;
    localTexts.removeItem(LEFT_WELL_KEY);
    return { leaveOut: this.#pending, leftWell };
  }

  /** The worker has noted them itself. */
  settle(): void {
    this.#pending = [];
    if (!this.#hasWritten) this.#keep([]);
  }

  #keep(patches: readonly PatchName[]): void {
    const distinct = [...new Map(patches.map((patch) => [`${patch.id}@${patch.revisionId}`, patch])).values()];
    if (distinct.length > 0) localTexts.setItem(SUSPECTS_KEY, JSON.stringify(distinct));
    else localTexts.removeItem(SUSPECTS_KEY);
  }
}

function read(): PatchName[] {
  try {
    const kept = JSON.parse(localTexts.getItem(SUSPECTS_KEY) ?? '[]') as unknown;
    return Array.isArray(kept) ? kept.filter(isPatchName).map(({ id, revisionId }) => ({ id, revisionId })) : [];
  } catch {
    return [];
  }
}

const isPatchName = (value: unknown): value is PatchName =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<PatchName>).id === 'string' &&
  typeof (value as Partial<PatchName>).revisionId === 'string';
