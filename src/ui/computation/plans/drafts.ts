/** What was written of plans and is not kept yet, by id: it outlives the tab of the panel. */
import { Observable } from '../../../environment/observable.ts';
import { useObserved } from '../../kit/use-observed.ts';
import type { PlanDraft } from './plan-draft.ts';

const drafts = new Observable<Readonly<Record<string, PlanDraft>>>({});

export const keepDraft = (id: string, draft: PlanDraft): void => drafts.set({ ...drafts.get(), [id]: draft });

export function dropDraft(id: string): void {
  const { [id]: _, ...others } = drafts.get();
  drafts.set(others);
}

export const useDrafts = (): Readonly<Record<string, PlanDraft>> => useObserved(drafts);
