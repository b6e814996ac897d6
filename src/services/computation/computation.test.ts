/** The service as callers meet it, with the bundled model active on WASM; the contract's examples run in the conformance suite. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type Output, routes } from '../../contract/index.ts';
import { dispatch } from '../../transport/dispatch.ts';
import { context, openWorkbench, type Workbench } from './testing/workbench.ts';

type ExecutionPlan = Output<'computation', 'plan'>;
type Execution = Output<'computation', 'execute'>;
type Experiment = Output<'computation', 'experiment'>;
type Benchmark = Output<'computation', 'benchmark'>;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
}, 60_000);
afterAll(() => workbench.close());

const call = <T>(operation: string, input: object): Promise<T> =>
  dispatch(
    workbench.operations,
    routes.find((route) => route.service === 'computation' && route.operation === operation)!,
    input,
    context(),
  ) as Promise<T>;

describe('plans', () => {
  test('are kept, changed and deleted', async () => {
    const made = await call<ExecutionPlan>('createPlan', { id: 'mine', name: 'Mine', kernel: 'naive', seq_len: 8 });
    expect(made).toMatchObject({ id: 'mine', kernel: 'naive', seq_len: 8, decode_tokens: 7, built_in: false, problems: [] });
    await expect(call('createPlan', { id: 'mine', name: 'again' })).rejects.toMatchObject({ code: 'conflict' });
    const changed = await call<ExecutionPlan>('updatePlan', { id: 'mine', seq_len: 9_000 });
    expect(changed).toMatchObject({ kernel: 'naive', seq_len: 9_000, problems: [{ path: '/seq_len' }] });
    await expect(call('execute', { plan_id: 'mine' })).rejects.toMatchObject({ code: 'context_exceeded' });
    expect(await call('deletePlan', { id: 'mine' })).toEqual({ id: 'mine', deleted: true });
    await expect(call('plan', { id: 'mine' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a check keeps nothing', async () => {
    await call('createPlan', { id: 'never', name: 'Never', validate_only: true });
    await expect(call('plan', { id: 'never' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('learn what they give from a first run, and forget it on request', async () => {
    const prompts = { input_ids: [[1, 5, 6]] };
    await call('createPlan', { id: 'learner', name: 'Learner', decode_tokens: 2, example_input: prompts });
    const { token_ids } = await call<Execution>('execute', { plan_id: 'learner', check_reference: false });
    expect(await call('plan', { id: 'learner' })).toMatchObject({ example_input: prompts, example_output: { token_ids } });
    await call('updatePlan', { id: 'learner', example_input: null, example_output: null });
    expect(await call('plan', { id: 'learner' })).toMatchObject({ example_input: null, example_output: null, decode_tokens: 2 });
    await call('deletePlan', { id: 'learner' });
  });

  test('run on the prompts of the caller, say where they fall back, and leave the loaded model alone', async () => {
    const { runner } = workbench.active.engine;
    const plan = { kernel: 'naive', decode_tokens: 3, execution_provider: 'webgpu', compute_dtype: 'float16' };
    const input_ids = [[1, 5, 6], [9]];
    const execution = await call<Execution>('execute', { plan, input_ids });
    expect(execution).toMatchObject({ execution_provider: 'wasm', agreement: { passed: true }, outputs: { logits: { shape: [2, 2048] } } });
    expect(execution.used!.fallbacks.map(({ field }) => field)).toEqual(['execution_provider', 'compute_dtype', 'batch_size', 'seq_len']);
    const greedy = await Promise.all(
      input_ids.map(
        (promptTokenIds) => workbench.active.engine.generate({ promptTokenIds, maxNewTokens: 3, sampling: { temperature: 0 } }).result,
      ),
    );
    expect(execution.token_ids).toEqual(greedy.map(({ completions }) => completions[0]!.tokenIds));
    expect(workbench.active.engine.runner).toBe(runner);
    await expect(call('execute', { plan, input_ids: [[99_999]] })).rejects.toMatchObject({ code: 'token_out_of_range' });
  });
});

describe('experiments', () => {
  const small = { plan: { seq_len: 4, decode_tokens: 2 }, warmup: 0 };

  test('run a grid, score a text, and can be repeated', async () => {
    const first = await call<Experiment>('runExperiment', {
      ...small,
      grid: { kernel: ['naive', 'grouped'], memory_strategy: ['paged', 'static'] },
      text: 'Once upon a time, there was a little girl named Lily.',
      wait: true,
    });
    expect(first).toMatchObject({ state: 'done', progress: { runs_done: 4, runs_total: 4 } });
    for (const { metrics } of first.runs) {
      expect(metrics).toMatchObject({ top_1_agreement: 1, serving: { requests: { finished: 1 } } });
      expect(metrics!.bits_per_byte).toBeGreaterThan(0);
      expect(metrics!.bits_per_byte).toBeLessThan(2);
    }
    expect(first.artifacts.map(({ name }) => name)).toEqual(['runs.csv', 'runs.jsonl']);
    const again = await call<Experiment>('runExperiment', { repeat_of: first.id, wait: true });
    expect(again.id).not.toBe(first.id);
    expect(again.runs.map(({ parameters }) => parameters)).toEqual(first.runs.map(({ parameters }) => parameters));
    expect(again.runs.map(({ metrics }) => metrics!.bits_per_byte)).toEqual(first.runs.map(({ metrics }) => metrics!.bits_per_byte));
    expect(await call('cancelExperiment', { id: again.id })).toMatchObject({ deleted: true });
  });

  test('a cancelled one keeps what it measured and goes on', async () => {
    const stop = new AbortController();
    const events = (await workbench.services.computation.runExperiment(
      contract.computation.endpoints.runExperiment.input.parse({ ...small, grid: { batch_size: [1, 2, 3, 4] }, stream: true }),
      context(stop.signal),
    )) as AsyncIterable<{ event: 'run'; data: Experiment['runs'][number] } | { event: 'done'; data: Experiment }>;
    let cancelled: Experiment | null = null;
    for await (const { event, data } of events) {
      if (event === 'run') stop.abort();
      else cancelled = data;
    }
    expect(cancelled).toMatchObject({ state: 'cancelled' });
    expect(cancelled!.runs[0]).toMatchObject({ state: 'done' });
    expect(cancelled!.runs[3]).toMatchObject({ state: 'cancelled' });
    const resumed = await call<Experiment>('runExperiment', { resume: cancelled!.id, wait: true });
    expect(resumed).toMatchObject({ id: cancelled!.id, state: 'done', progress: { runs_done: 4 } });
    expect(resumed.runs[0]).toEqual(cancelled!.runs[0]);
  });

  test('a run that can’t be made fails with its reason, the others are made', async () => {
    const experiment = await call<Experiment>('runExperiment', { ...small, grid: { seq_len: [4, 100_000] }, wait: true, keep: false });
    expect(experiment.runs.map(({ state }) => state)).toEqual(['done', 'failed']);
    expect(experiment.runs[1]!.error).toMatch(/context of default is 512/);
  });

  test('a grid’s values must fit their field', async () => {
    await expect(call('runExperiment', { grid: { seq_len: ['long'] }, wait: true })).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/grid/seq_len/0' }],
    });
  });
});

describe('benchmarks', () => {
  test('measure kernels and plans', async () => {
    const { results, roofline } = await call<Benchmark>('benchmark', { kernels: ['naive'], plan_ids: ['default'], warmup: 1, repeats: 3 });
    expect(results.map(({ subject }) => subject.id)).toEqual(['naive', 'default']);
    for (const { timing, agreement } of results) expect([timing!.repeats, agreement!.passed]).toEqual([3, true]);
    expect(results[0]!.gflops).toBeGreaterThan(0);
    expect(results[1]!.decode_tokens_per_second).toBeGreaterThan(0);
    expect(roofline).toMatchObject([{ execution_provider: 'wasm' }]);
  });
});
