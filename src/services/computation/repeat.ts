/** Warm-up and repeats of one measurement, within a time limit, with room for others in between. */
import { yieldToEventLoop } from '../../engine/event-loop.ts';
import { throwIfAborted } from './device-queue.ts';

export interface RepeatOptions {
  warmup: number;
  repeats: number;
  maxMs: number;
  signal?: AbortSignal | undefined;
}

/** @returns what each repeat gave, at least one, and why there are not all */
export async function repeat<T>(
  work: () => Promise<T>,
  { warmup, repeats, maxMs, signal }: RepeatOptions,
): Promise<{ samples: T[]; cutShort: string | null }> {
  const start = performance.now();
  const isLate = (): boolean => performance.now() - start > maxMs;
  const once = async (): Promise<T> => {
    throwIfAborted(signal);
    await yieldToEventLoop();
    return work();
  };
  for (let i = 0; i < warmup && !isLate(); i++) await once();
  const samples: T[] = [];
  while (samples.length < repeats && (samples.length === 0 || !isLate())) samples.push(await once());
  const cutShort = samples.length < repeats ? `${samples.length} of ${repeats} repeats fitted into max_ms = ${maxMs}.` : null;
  return { samples, cutShort };
}
