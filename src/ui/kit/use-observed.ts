/** Draws values that change outside of React: what outlives a panel. */
import { useCallback, useSyncExternalStore } from 'react';
import type { Observable } from '../../environment/observable.ts';

export const useObserved = <T>(observable: Pick<Observable<T>, 'get' | 'subscribe'>): T =>
  useSyncExternalStore(observable.subscribe, observable.get);

/** What of some of them a component draws: read again at most once a frame, however often they change. @param read gives the same for the same */
export function useEachFrame<R>(observables: readonly Pick<Observable<unknown>, 'subscribe'>[], read: () => R): R {
  const subscribe = useCallback(
    (listener: () => void) => {
      let frame = 0;
      const onChange = () => {
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          listener();
        });
      };
      const ends = observables.map((each) => each.subscribe(onChange));
      return () => {
        cancelAnimationFrame(frame);
        for (const end of ends) end();
      };
    },
    [observables],
  );
  return useSyncExternalStore(subscribe, read);
}
