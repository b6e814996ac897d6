/** What was sent, kept in the browser so that it can be sent again; small inputs only, the newest first. */
import { useSyncExternalStore } from 'react';
import { newId } from '../../environment/ids.ts';
import { localTexts } from '../../environment/text-store.ts';

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

let entries: readonly HistoryEntry[] = read();
const listeners = new Set<() => void>();

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
  entries = next;
  localTexts.setItem(KEY, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export function remember(entry: Omit<HistoryEntry, 'id'>): void {
  const { input, ...rest } = entry;
  const kept = (JSON.stringify(input) ?? '').length <= MAX_INPUT_CHARACTERS;
  write([{ id: newId(), ...rest, ...(kept && { input }) }, ...entries].slice(0, MAX_ENTRIES));
}

export function forgetAll(): void {
  write([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useHistory(): readonly HistoryEntry[] {
  return useSyncExternalStore(subscribe, () => entries);
}
