/** Asks again and again while someone looks: never two questions at once, none while the tab is hidden, slower while nothing happens. */
import { useEffect, useRef, useState } from 'react';

export interface Polled<T> {
  data: T | null;
  /** Of the last question; `null` once one is answered again. */
  error: unknown;
}

/** @param pauseMs until the next question, after an answer. Kept at 100 or more, so that the page stays free. */
export function usePoll<T>(ask: (signal: AbortSignal) => Promise<T>, pauseMs: (data: T | null) => number, enabled: boolean): Polled<T> {
  const [state, setState] = useState<Polled<T>>({ data: null, error: null });
  const latest = useRef({ ask, pauseMs });
  useEffect(() => {
    latest.current = { ask, pauseMs };
  });

  useEffect(() => {
    if (!enabled) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    const turn = async () => {
      clearTimeout(timer);
      if (busy || document.hidden || abort.signal.aborted) return;
      busy = true;
      let data: T | null = null;
      try {
        const answer = await latest.current.ask(abort.signal);
        data = answer;
        if (!abort.signal.aborted) setState({ data: answer, error: null });
      } catch (error) {
        if (!abort.signal.aborted) setState((was) => ({ data: was.data, error }));
      }
      busy = false;
      if (!abort.signal.aborted) timer = setTimeout(turn, Math.max(100, latest.current.pauseMs(data)));
    };
    const onVisible = () => void turn();
    document.addEventListener('visibilitychange', onVisible);
    void turn();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [enabled]);
  return state;
}
