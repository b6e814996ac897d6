/** Follows the engine: queue and new steps ten times a second while something runs, twice a second while nothing does. */
import { useCallback, useState } from 'react';
import { useClient } from '../kit/client-context.tsx';
import { type Polled, usePoll } from '../kit/poll/use-poll.ts';
import { type Queue, StepFeed } from './feed.ts';
import type { Step } from './timeline.ts';

export interface LiveQueue {
  queue: Queue;
  steps: readonly Step[];
}

const LIVE_MS = 100;
const IDLE_MS = 500;
/** More than can come between two questions. */
const LIMIT = 256;

export function useQueue(enabled: boolean): Polled<LiveQueue> {
  const client = useClient();
  const [feed] = useState(() => new StepFeed());
  const ask = useCallback(
    async (signal: AbortSignal): Promise<LiveQueue> => {
      let queue = await client.via('direct').get('scheduler', 'queue', { after_step: feed.lastStep, limit: LIMIT }, { signal });
      // Another engine counts anew: what it did lies below the step that was asked after.
      if (queue.step < feed.lastStep) {
        feed.clear();
        queue = await client.via('direct').get('scheduler', 'queue', { limit: LIMIT }, { signal });
      }
      return { queue, steps: feed.take(queue) };
    },
    [client, feed],
  );
  return usePoll(
    ask,
    (live) => (live && live.queue.running.length + live.queue.waiting.length + live.queue.swapped.length > 0 ? LIVE_MS : IDLE_MS),
    enabled,
  );
}
