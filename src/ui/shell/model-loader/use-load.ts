/** One load of weights at a time: its progress, its end, its stop. It goes on while the dialog is shut. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { Output, Problem } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { type ModelState, modelQueryKey } from '../../kit/model/use-model.ts';
import { type Choice, requestOf } from './source.ts';

type Progress = NonNullable<ModelState['loading']>;

export type Load =
  | { status: 'idle' }
  | { status: 'loading'; progress: Progress | null; startedAt: number }
  | { status: 'done'; weights: Output<'model', 'swapWeights'> }
  | { status: 'failed'; problem: Problem };

export function useLoad() {
  const client = useClient();
  const queries = useQueryClient();
  const [load, setLoad] = useState<Load>({ status: 'idle' });
  const controller = useRef<AbortController>(null);

  const start = useCallback(
    async (choice: Choice) => {
      const own = new AbortController();
      controller.current = own;
      const startedAt = performance.now();
      setLoad({ status: 'loading', progress: null, startedAt });
      const exchange = await client.send('model', 'swapWeights', requestOf(choice), {
        // Files pass to the worker by reference; a service worker would hold them all in memory.
        ...(choice.kind === 'upload' && { mode: 'direct' }),
        signal: own.signal,
        onEvent: ({ event, data }) => {
          if (event === 'progress') setLoad({ status: 'loading', progress: data as Progress, startedAt });
        },
      });
      const failed = exchange.problem ?? problemIn(exchange.events);
      setLoad(
        failed ? { status: 'failed', problem: failed } : { status: 'done', weights: exchange.data as Output<'model', 'swapWeights'> },
      );
      await queries.invalidateQueries({ queryKey: modelQueryKey });
    },
    [client, queries],
  );

  const stop = useCallback(() => controller.current?.abort(), []);
  const reset = useCallback(() => setLoad({ status: 'idle' }), []);
  return { load, start, stop, reset };
}

/** A stream that began well and ended badly says so in its last event. */
function problemIn(events: readonly { event: string; data: unknown }[] | undefined): Problem | undefined {
  const last = events?.at(-1);
  return last?.event === 'error' ? (last.data as Problem) : undefined;
}
