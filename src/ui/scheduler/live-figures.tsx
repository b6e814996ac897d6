/** How the engine serves right now: load, latencies and throughput from its own steps. */
import { useMemo } from 'react';
import { formatMs } from '../kit/format.ts';
import { Figures } from '../kit/figures/figures.tsx';
import { latenciesOf, percentile, tokensPerSecond } from './feed.ts';
import type { LiveQueue } from './use-queue.ts';

const WINDOW_MS = 2000;

const orDash = (ms: number | null) => (ms === null ? '–' : formatMs(ms));

export function LiveFigures({ queue, steps }: LiveQueue) {
  const items = useMemo(() => {
    const latencies = latenciesOf(steps, queue.finished);
    const ttft = latencies.map(({ ttftMs }) => ttftMs);
    const tpot = latencies.flatMap(({ tpotMs }) => (tpotMs === null ? [] : [tpotMs]));
    const rate = tokensPerSecond(steps, WINDOW_MS);
    const durations = steps.slice(-200).map(({ start_ms, end_ms }) => end_ms - start_ms);
    const of = `Of the last ${latencies.length} requests that ended, from the engine’s steps.`;
    return [
      { name: 'running', value: queue.running.length, title: 'Requests that compute.' },
      { name: 'waiting', value: queue.waiting.length, title: 'Requests in the queue.' },
      { name: 'swapped', value: queue.swapped.length, title: 'Requests whose blocks lie in a lower tier.' },
      { name: 'tokens/s', value: rate ? Math.round(rate.decode) : '–', title: 'Generated, over the last two seconds of steps.' },
      {
        name: 'prompt tokens/s',
        value: rate ? Math.round(rate.prefill) : '–',
        title: 'Computed of prompts, over the last two seconds of steps.',
      },
      {
        name: 'TTFT p50 · p95',
        value: `${orDash(percentile(ttft, 0.5))} · ${orDash(percentile(ttft, 0.95))}`,
        title: `Time to the first token, from arrival. ${of}`,
      },
      { name: 'TPOT p50', value: orDash(percentile(tpot, 0.5)), title: `Time per token after the first. ${of}` },
      { name: 'step p50', value: orDash(percentile(durations, 0.5)), title: 'Duration of a step, over the last 200.' },
    ];
  }, [queue, steps]);
  return <Figures label="Live metrics" items={items} />;
}
