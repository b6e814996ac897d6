/** A run from the panel's side: events fold into outputs, and stops are honest. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import { problemsOf, type RunPorts, ScriptRun } from './script-run.ts';

type RunEvent = ReturnType<RunPorts['start']> extends AsyncIterable<infer E> ? E : never;
const print = (value: unknown): RunEvent => ({ event: 'print', data: { level: 'log', values: [value] } });
const done: RunEvent = { event: 'done', data: { name: 'test', duration_ms: 1, result: 2, prints: 1, left_out: 0 } };
const script = { id: 'a', source: '', name: 'A', language: 'typescript' as const };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A worker that ends the script when aborted, unless it is blocked. */
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
    restartWorker: vi.fn<() => Promise<void>>(async () => release()),
  };
  return { ports, block: () => (blocked = true) };
}

describe('a run', () => {
  test('collects what is shown and ends with the summary', async () => {
    const run = new ScriptRun(worker([print(1), done]).ports, script);
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toMatchObject({ state: 'done', outputs: [print(1)], summary: { result: 2 }, isOver: true });
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

  test('a stop that the script does not hear ends the run for the panel, not for the worker', async () => {
    const { ports, block } = worker([print(1)], 'wait');
    const run = new ScriptRun(ports, script);
    await vi.advanceTimersByTimeAsync(100);
    block();
    run.stop();
    await vi.advanceTimersByTimeAsync(2000);
    expect(run).toMatchObject({ state: 'stopped', isOver: false });
    await run.restartWorker();
    await vi.advanceTimersByTimeAsync(0);
    expect(ports.restartWorker).toHaveBeenCalledOnce();
    expect(run.isOver).toBe(true);
  });

  test('a restart from elsewhere ends it, with what was shown', async () => {
    const run = new ScriptRun(worker([print(1)], new ApiError('cancelled', 'The engine worker was restarted.')).ports, script);
    await vi.advanceTimersByTimeAsync(0);
    expect(run).toMatchObject({ state: 'stopped', outputs: [print(1)], problems: [{ message: 'The engine worker was restarted.' }] });
  });
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
