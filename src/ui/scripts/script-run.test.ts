/** A run from the panel's side: events fold into outputs, stops are honest, a silent worker is noticed. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import { startHeartbeat } from './heartbeat.ts';
import { problemsOf, type RunPorts, ScriptRun } from './script-run.ts';

type RunEvent = ReturnType<RunPorts['start']> extends AsyncIterable<infer E> ? E : never;
const print = (value: unknown): RunEvent => ({ event: 'print', data: { level: 'log', values: [value] } });
const done: RunEvent = { event: 'done', data: { name: 'test', duration_ms: 1, result: 2, prints: 1, left_out: 0 } };
const script = { id: 'a', source: '', name: 'A' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A worker that answers beats until it is blocked, and ends the script when aborted unless it is. */
function worker(events: RunEvent[], then: 'end' | 'wait' | ApiError = 'end') {
  let blocked = false;
  let release = () => {};
  const ports: RunPorts = {
    async *start(_, signal) {
      yield* events;
      if (then instanceof ApiError) throw then;
      if (then === 'end') return;
      await new Promise<void>((resolve, reject) => {
        release = resolve;
        signal.addEventListener('abort', () => blocked || reject(new ApiError('cancelled', 'Stopped.')));
      });
    },
    beat: () => (blocked ? new Promise(() => {}) : Promise.resolve()),
    restartWorker: vi.fn<() => Promise<void>>(async () => release()),
  };
  return { ports, block: () => (blocked = true) };
}

describe('a run', () => {
  test('collects what is shown and ends with the summary', async () => {
    const run = new ScriptRun(worker([print(1), done]).ports, script);
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toMatchObject({ state: 'done', outputs: [print(1)], summary: { result: 2 }, silentMs: null });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a failure keeps what was shown and names its places', async () => {
    const run = new ScriptRun(
      worker([print(1)], new ApiError('code_invalid', 'x', [{ path: 'line 3, column 7', message: 'no' }])).ports,
      script,
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toMatchObject({ state: 'failed', outputs: [print(1)], problems: [{ place: { line: 3, column: 7 }, message: 'no' }] });
  });

  test('stops when told', async () => {
    const run = new ScriptRun(worker([print(1)], 'wait').ports, script);
    await vi.advanceTimersByTimeAsync(100);
    run.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(run.state).toBe('stopped');
  });

  test('a worker that blocks is noticed, also after a stop that it did not hear, until it is restarted', async () => {
    const { ports, block } = worker([print(1)], 'wait');
    const run = new ScriptRun(ports, script);
    await vi.advanceTimersByTimeAsync(100);
    block();
    await vi.advanceTimersByTimeAsync(2500);
    expect(run.silentMs).toBeNull();
    await vi.advanceTimersByTimeAsync(2500);
    expect(run.silentMs).toBeGreaterThanOrEqual(3000);
    run.stop();
    await vi.advanceTimersByTimeAsync(2000);
    expect(run).toMatchObject({ state: 'stopped', silentMs: expect.any(Number) as number });
    await run.restartWorker();
    await vi.advanceTimersByTimeAsync(0);
    expect(ports.restartWorker).toHaveBeenCalledOnce();
    expect(run.silentMs).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a worker that answers again is told', async () => {
  const told: (number | null)[] = [];
  let answer = () => {};
  const stop = startHeartbeat({
    beat: () => new Promise<void>((resolve) => (answer = resolve)),
    onSilence: (ms) => told.push(ms),
    everyMs: 10,
    limitMs: 25,
  });
  await vi.advanceTimersByTimeAsync(50);
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(told.length).toBeGreaterThan(1);
  expect(told.at(-1)).toBeNull();
  stop();
});

test('places are read from the problem, with what stands behind them', () => {
  const errors = [
    { path: 'line 2, column 1: /text', message: 'is no text.' },
    { path: '', message: 'somewhere' },
    { path: '/source', message: 'is too long.' },
  ];
  expect(problemsOf(new ApiError('code_invalid', 'x', errors))).toEqual([
    { place: { line: 2, column: 1 }, message: '/text is no text.' },
    { place: null, message: 'somewhere' },
    { place: null, message: '/source is too long.' },
  ]);
  expect(problemsOf(new ApiError('internal', 'broken'))).toEqual([{ place: null, message: 'broken' }]);
});
