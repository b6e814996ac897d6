/** What was sent, kept in the browser so that it can be sent again; small inputs only, the newest first. */
import { newId } from '../../environment/ids.ts';
import { Observable } from '../../environment/observable.ts';
import { localTexts } from '../../environment/text-store.ts';
import { useObserved } from '../kit/use-observed.ts';

export interface HistoryEntry {
  id: string;
  service: string;
  operation: string;
  /** Missing where it was too large to keep. */
  input?: unknown;
  mode: 'restful' | 'direct';
  status: number;
  duration_ms: number;
  started_at: string;
}

const KEY = 'glassbox-history';
const MAX_ENTRIES = 100;
const MAX_INPUT_CHARACTERS = 20_000;

const entries = new Observable<readonly HistoryEntry[]>(read());

function read(): HistoryEntry[] {
  try {
    const stored: unknown = JSON.parse(localTexts.getItem(KEY) ?? '[]');
    return Array.isArray(stored)
      ? (stored as HistoryEntry[]).filter((entry) => typeof entry?.id === 'string' && typeof entry.service === 'string')
      : [];
  } catch {
    return [];
  }
}

function write(next: readonly HistoryEntry[]): void {
  localTexts.setItem(KEY, JSON.stringify(next));
  entries.set(next);
}

export function remember(entry: Omit<HistoryEntry, 'id'>): void {
  const { input, ...rest } = entry;
  const kept = (JSON.stringify(input) ?? '').length <= MAX_INPUT_CHARACTERS;
  write([{ id: newId(), ...rest, ...(kept && { input }) }, ...entries.get()].slice(0, MAX_ENTRIES));
}

export function forgetAll(): void {
  write([]);
}

export const useHistory = (): readonly HistoryEntry[] => useObserved(entries);
