/** Many sequences in several runs are what they would be in one; an abort ends them between two runs. */
import { expect, it } from 'vitest';
import type { BatchRow, ModelRunner, RunOptions, RunResult } from '../../engine/index.ts';
import { runInPieces } from './run-in-pieces.ts';

/** Gives back which tokens it saw in which row, with the taps of that row. */
function recorder(onRun: (run: number) => void = () => {}) {
  const runs: number[][] = [];
  const run = async (rows: readonly BatchRow[], { taps = [], capture = [] }: RunOptions = {}): Promise<RunResult> => {
    runs.push(rows.map(({ tokenIds }) => tokenIds.length));
    onRun(runs.length);
    const tapsOf = (row: number) => taps.filter((tap) => tap.row === row).length;
    return {
      logits: rows.map(({ tokenIds }, row) => Float32Array.of(tokenIds[0]!, tapsOf(row))),
      captures: rows.map(({ tokenIds }) => new Map(capture.map((name) => [name, { shape: [1], data: Float32Array.of(tokenIds[0]!) }]))),
      runMs: 1,
    };
  };
  return { runs, runner: { run } as unknown as ModelRunner };
}

const row = (id: number, length: number): BatchRow => ({
  tokenIds: [id, ...Array(length - 1).fill(0)],
  past: 0,
  blockTable: null,
  logits: 'last',
});
const tap = (at: number) => ({
  hookPoint: 'hidden_states.0',
  row: at,
  change: () => ({ scale: new Float32Array(), offset: new Float32Array() }),
});

it('keeps order, captures and taps, and fills no run beyond its limit', async () => {
  const lengths = [100, 100, 100, 300, 20, 200, 10, 10];
  const { runs, runner } = recorder();
  const result = await runInPieces(
    runner,
    lengths.map((length, i) => row(i, length)),
    { capture: ['x'], taps: [tap(2), tap(4), tap(4)] },
    undefined,
  );
  expect(runs).toEqual([[100, 100], [100], [300], [20], [200], [10, 10]]);
  expect(result.logits.map(([id, taps]) => [id, taps])).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 0],
    [4, 2],
    [5, 0],
    [6, 0],
    [7, 0],
  ]);
  expect(result.captures.map((each) => each.get('x')!.data[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(result.runMs).toBe(6);
});

it('ends with the reason of an abort, after the run under way', async () => {
  const controller = new AbortController();
  const { runs, runner } = recorder((run) => run === 2 && controller.abort(new Error('enough')));
  const rows = Array.from({ length: 5 }, (_, i) => row(i, 200));
  await expect(runInPieces(runner, rows, {}, controller.signal)).rejects.toThrow('enough');
  expect(runs).toHaveLength(2);
});
