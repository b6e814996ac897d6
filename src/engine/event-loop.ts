/** Lets timers, messages and input run between two steps, without the 4 ms that browsers add to nested timeouts. */
export const yieldToEventLoop: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => void setImmediate(resolve))
    : (() => {
        const { port1, port2 } = new MessageChannel();
        const waiting: (() => void)[] = [];
        port1.onmessage = () => waiting.shift()?.();
        return () =>
          new Promise<void>((resolve) => {
            waiting.push(resolve);
            port2.postMessage(null);
          });
      })();

/** Long work gives the thread to others after so long. */
const BREATH_MS = 12;

/** What long work calls often: it gives way where the thread has been held for long, and throws where the signal has fired. */
export function breather(signal?: AbortSignal): () => Promise<void> | undefined {
  let breathedAt = performance.now();
  return () => {
    signal?.throwIfAborted();
    if (performance.now() - breathedAt <= BREATH_MS) return undefined;
    return yieldToEventLoop().then(() => {
      breathedAt = performance.now();
    });
  };
}
