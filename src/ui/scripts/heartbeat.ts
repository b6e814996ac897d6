/** Notices that a script blocks the worker: an endless loop can be stopped by nothing inside it, but its silence can be heard from here. */

export interface HeartbeatOptions {
  /** Asks the worker for something that costs nothing. */
  beat: () => Promise<unknown>;
  /** Told when the worker falls silent (since when, in ms) and when it answers again (null). */
  onSilence: (silentMs: number | null) => void;
  everyMs?: number;
  /** Silence this long counts; shorter ones are a forward pass or a long tokenization. */
  limitMs?: number;
}

/** Beats until the returned function is called. */
export function startHeartbeat({ beat, onSilence, everyMs = 500, limitMs = 3000 }: HeartbeatOptions): () => void {
  let asked: number | null = null;
  let silent = false;
  let ended = false;

  const answered = () => {
    asked = null;
    if (silent && !ended) onSilence(null);
    silent = false;
  };
  const timer = setInterval(() => {
    if (asked === null) {
      asked = performance.now();
      // A beat that fails was answered too.
      beat().then(answered, answered);
      return;
    }
    const silentMs = performance.now() - asked;
    if (silentMs < limitMs) return;
    silent = true;
    onSilence(silentMs);
  }, everyMs);

  return () => {
    ended = true;
    clearInterval(timer);
  };
}
