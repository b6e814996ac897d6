/** What becomes of experiments that wait, are cut off or lose their plan: nothing measured is lost, and each can be repeated. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, type Output, routes } from '../../contract/index.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import { dispatch } from '../../transport/dispatch.ts';
import { DeviceQueue } from './device-queue.ts';
import { artifactsOf, type Experiment, layOutRuns, newExperiment } from './experiment.ts';
import { Experiments } from './experiments.ts';
import { context, openWorkbench, type Workbench } from './testing/workbench.ts';

type Experimented = Output<'computation', 'experiment'>;

const planned = (id: string): Experiment => newExperiment(id, id, layOutRuns({ grid: { batch_size: [1, 2] }, repeats: 2 }), null);

describe('the device', () => {
  test('a caller that goes away while it waits is answered at once, and the others keep their turn', async () => {
    const device = new DeviceQueue();
    const order: string[] = [];
    let release = (): void => {};
    const first = device.run('first', undefined, () => new Promise<void>((resolve) => (release = resolve)));
    const stop = new AbortController();
    const second = device.run('second', stop.signal, async () => void order.push('second'));
    const third = device.run('third', undefined, async () => void order.push('third'));
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(device.occupant).toBe('first');
    expect(order).toEqual([]);
    release();
    await Promise.all([first, third]);
    expect(order).toEqual(['third']);
  });
});

describe('the records', () => {
  test('one that was cut off is told as cancelled, with what it measured', async () => {
    const records = new MemoryRecords<Experiment>();
    new Experiments(records).enter(planned('exp_cut'), true);
    const [cut] = await new Experiments(records).list();
    expect(cut).toMatchObject({ id: 'exp_cut', state: 'cancelled', error: 'Cut off by a reload.', progress: { eta_ms: null } });
    expect(cut!.runs.map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => 'cancelled'));
    expect(cut!.artifacts).toHaveLength(2);
  });

  test('one that goes on is listed once', async () => {
    const records = new MemoryRecords<Experiment>();
    await records.put({ ...planned('exp_twice'), state: 'cancelled' });
    const experiments = new Experiments(records);
    experiments.enter(structuredClone(await experiments.get('exp_twice')), false);
    expect((await experiments.list()).map(({ id }) => id)).toEqual(['exp_twice']);
  });
});

test('the table has every figure under its name', () => {
  const [csv] = artifactsOf(planned('exp_table'));
  const [header, ...rows] = csv!.content.split('\n').map((line) => line.split(','));
  expect(header).toEqual(expect.arrayContaining(['batch_size', 'max_abs_logit_difference', 'ttft_p95_ms', 'tpot_p95_ms']));
  expect(rows.map((row) => row.length)).toEqual(Array.from({ length: 4 }, () => header!.length));
});

describe('with a model', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench.close());

  const call = <T>(operation: string, input: object): Promise<T> =>
    dispatch(
      workbench.operations,
      routes.find((route) => route.service === 'computation' && route.operation === operation)!,
      input,
      context(),
    ) as Promise<T>;

  test('its plan is its own: it can be repeated when the kept one is gone', async () => {
    await call('createPlan', { id: 'passing', name: 'Passing', kernel: 'naive', seq_len: 4, decode_tokens: 2 });
    const first = await call<Experimented>('runExperiment', { plan_id: 'passing', warmup: 0, wait: true });
    await call('deletePlan', { id: 'passing' });
    expect(first.record!.input).toMatchObject({ plan: { kernel: 'naive', seq_len: 4 } });
    expect(first.record!.input).not.toHaveProperty('plan_id');
    const again = await call<Experimented>('runExperiment', { repeat_of: first.id, wait: true });
    expect(again.runs[0]).toMatchObject({ state: 'done', used: { kernel: 'naive', seq_len: 4 } });
  });

  test('one that waits is cancelled at once', async () => {
    const small = { plan: { seq_len: 4, decode_tokens: 2 }, warmup: 0, keep: false };
    const running = call('runExperiment', { ...small, grid: { batch_size: [1, 2, 3] }, wait: true });
    const waiting = workbench.services.computation.runExperiment(
      contract.computation.endpoints.runExperiment.input.parse({ ...small, keep: true, wait: true }),
      context(),
    ) as Promise<Experiment>;
    await expect
      .poll(async () => (await call<Output<'computation', 'experiments'>>('experiments', {})).experiments.length)
      .toBeGreaterThan(1);
    const { experiments } = await call<Output<'computation', 'experiments'>>('experiments', {});
    const { id } = experiments.find(({ state }) => state === 'queued')!;
    expect(await call('cancelExperiment', { id })).toMatchObject({ cancelled: true });
    expect(await waiting).toMatchObject({ id, state: 'cancelled', error: null });
    await running;
  });

  test('a run that takes too long is ended and says so', async () => {
    const { state, runs } = await call<Experimented>('runExperiment', {
      ...{ plan: { seq_len: 264, decode_tokens: 200 }, warmup: 0 },
      ...{ max_run_ms: 1, keep: false, wait: true },
    });
    expect([state, runs[0]!.state, runs[0]!.error]).toEqual(['failed', 'failed', 'It took longer than max_run_ms = 1.']);
  });

  test('what is not kept has its files too', async () => {
    const { artifacts } = await call<Experimented>('runExperiment', {
      ...{ plan: { seq_len: 4, decode_tokens: 2 }, warmup: 0 },
      ...{ keep: false, wait: true },
    });
    expect(artifacts.map(({ name }) => name)).toEqual(['runs.csv', 'runs.jsonl']);
  });
});
