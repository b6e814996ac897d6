/** What was written of plans and is not kept yet, by id: it outlives the tab of the panel. */
import { useSyncExternalStore } from 'react';
import type { PlanDraft } from './plan-draft.ts';

const listeners = new Set<() => void>();
let drafts: Readonly<Record<string, PlanDraft>> = {};

function write(next: Readonly<Record<string, PlanDraft>>): void {
  drafts = next;
  for (const listener of listeners) listener();
}

export const keepDraft = (id: string, draft: PlanDraft): void => write({ ...drafts, [id]: draft });

export function dropDraft(id: string): void {
  const { [id]: _, ...others } = drafts;
  write(others);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useDrafts = (): Readonly<Record<string, PlanDraft>> => useSyncExternalStore(subscribe, () => drafts);
