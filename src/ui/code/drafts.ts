/** What was written and is not active yet, by resource: it outlives the panel and a reload of the tab. */
import { Observable } from '../../environment/observable.ts';
import { sessionTexts } from '../../environment/text-store.ts';
import { useObserved } from '../kit/use-observed.ts';
import type { Language } from '../kit/code/resource-queries.ts';

export interface Draft {
  source: string;
  language: Language;
  /** The revision that was edited. */
  base: string;
}

const KEY = 'glassbox-code-drafts';
const drafts = new Observable<Readonly<Record<string, Draft>>>(read());

function read(): Record<string, Draft> {
  try {
    return JSON.parse(sessionTexts.getItem(KEY) ?? '{}') as Record<string, Draft>;
  } catch {
    return {};
  }
}

function write(next: Readonly<Record<string, Draft>>): void {
  sessionTexts.setItem(KEY, JSON.stringify(next));
  drafts.set(next);
}

export const draftOf = (id: string): Draft | undefined => drafts.get()[id];

export const keepDraft = (id: string, draft: Draft): void => write({ ...drafts.get(), [id]: draft });

export function dropDraft(id: string): void {
  const { [id]: _, ...others } = drafts.get();
  write(others);
}

export const useDrafts = (): Readonly<Record<string, Draft>> => useObserved(drafts);
