/** A workload in real time on a live engine, beside whatever else it serves. */
import { breather } from '../event-loop.ts';
import type { Engine } from '../engine.ts';
import { Feed, type RunOptions, type WorkloadRun } from './feed.ts';
import type { Workload } from './workload.ts';

/** @param options `now` is the engine's clock, where that is not `performance.now` */
export async function runLive(engine: Engine, workload: Workload, options: RunOptions & { now?: () => number } = {}): Promise<WorkloadRun> {
  const now = options.now ?? (() => performance.now());
  const feed = new Feed(engine, workload, now(), options);
  const breathe = breather();
  const cancel = (): void => feed.cancel();
  options.signal?.addEventListener('abort', cancel);
  while (!feed.hasEnded) {
    if (options.signal?.aborted) cancel();
    await feed.submitUntil(now(), breathe);
    const nextMs = feed.nextMs();
    await Promise.race([feed.nextEnding(), ...(nextMs === null ? [] : [sleep(Math.max(0, nextMs - now()))])]);
  }
  options.signal?.removeEventListener('abort', cancel);
  return feed.finish();
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
