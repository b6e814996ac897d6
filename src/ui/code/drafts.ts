/** What was written and is not active yet, by resource: it outlives the panel and a reload of the tab. */
import { useSyncExternalStore } from 'react';
import { sessionTexts } from '../../environment/text-store.ts';
import type { Language } from '../kit/code/resource-queries.ts';

export interface Draft {
  source: string;
  language: Language;
  /** The revision that was edited. */
  base: string;
}

const KEY = 'glassbox-code-drafts';
const listeners = new Set<() => void>();
let drafts: Readonly<Record<string, Draft>> = read();

function read(): Record<string, Draft> {
  try {
    return JSON.parse(sessionTexts.getItem(KEY) ?? '{}') as Record<string, Draft>;
  } catch {
    return {};
  }
}

function write(next: Readonly<Record<string, Draft>>): void {
  drafts = next;
  sessionTexts.setItem(KEY, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export const draftOf = (id: string): Draft | undefined => drafts[id];

export const keepDraft = (id: string, draft: Draft): void => write({ ...drafts, [id]: draft });

export function dropDraft(id: string): void {
  const { [id]: _, ...others } = drafts;
  write(others);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useDrafts = (): Readonly<Record<string, Draft>> => useSyncExternalStore(subscribe, () => drafts);
