/** What counts as silence, and what does not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pulse, type Silence } from './pulse.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A worker that answers pings unless it computes. */
function heard() {
  const told: (Silence | null)[] = [];
  const listeners: ((event: MessageEvent) => void)[] = [];
  const say = (data: unknown) => listeners.forEach((listener) => listener({ data } as MessageEvent));
  const worker = { isBusy: false };
  const pulse = new Pulse(
    {
      postMessage: () => {
        if (!worker.isBusy) queueMicrotask(() => say({ kind: 'pong' }));
      },
      addEventListener: (_, listener) => void listeners.push(listener),
    },
    { onSilence: (silence) => told.push(silence) },
  );
  return { told, say, worker, pulse };
}

test('a worker that computes for long is noticed within five seconds, with what it said it would do, and is heard again', async () => {
  const { told, say, worker, pulse } = heard();
  await vi.advanceTimersByTimeAsync(2000);
  expect(told).toEqual([]);
  const work = { kind: 'patch', what: 'the patch of sampler', patch: { id: 'sampler', revisionId: 'a' } } as const;
  worker.isBusy = true;
  say({ kind: 'doing', work });
  await vi.advanceTimersByTimeAsync(5000);
  expect(told[0]).toMatchObject({ work });
  expect(told.at(-1)!.ms).toBeGreaterThan(3000);
  say({ kind: 'pong' });
  expect(told.at(-1)).toBeNull();
  expect(pulse.silence.ms).toBe(0);
  pulse.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a pause below the limit is none', async () => {
  const { told, say, worker } = heard();
  worker.isBusy = true;
  await vi.advanceTimersByTimeAsync(3000);
  say({ kind: 'pong' });
  worker.isBusy = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual([]);
});

test('a page that slept, or beats once a minute, has not watched for so long', async () => {
  const { told, worker } = heard();
  worker.isBusy = true;
  await vi.advanceTimersByTimeAsync(1000);
  const now = performance.now.bind(performance);
  let slept = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + slept);
  slept = 3_600_000;
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toEqual([]);
  vi.restoreAllMocks();
});
