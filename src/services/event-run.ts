/** Work that tells events while it goes on: whole for one caller, as a stream for another, and ended by whoever goes away. */
import { EventStream } from '../engine/generation.ts';

/** @returns the events as they come; an end of reading ends the work */
export async function* streamed<Event>(
  signal: AbortSignal | undefined,
  work: (push: (event: Event) => void, signal: AbortSignal) => Promise<Event>,
): AsyncGenerator<Event> {
  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  if (signal?.aborted) stop.abort();
  const events = new EventStream<Event>();
  const outcome = work((event) => events.push(event), stop.signal);
  outcome
    .then((last) => events.push(last))
    .catch(() => {})
    .finally(() => events.end());
  let isRead = false;
  try {
    yield* events;
    isRead = true;
    await outcome;
  } finally {
    if (!isRead) stop.abort();
  }
}
