/** Whether the browser keeps what is written, as a panel says it beside what it lists. */
import { useObserved } from './use-observed.ts';
import { refusals } from '../../environment/refusals.ts';

/** @returns "kept in this browser", or for how long it lasts where it is not kept */
export function useKeeps(): string {
  const refused = useObserved(refusals);
  return refused.some(({ why }) => why !== 'full') ? 'kept until the page is closed or reloaded' : 'kept in this browser';
}
