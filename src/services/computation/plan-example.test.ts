/** Plans as they are written with their fields nested and an example, over both transports; and what a run of them is held against. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../client/client.ts';
import { rolesOf } from '../../client/roles.ts';
import { type Output, tensorData } from '../../contract/index.ts';
import { bothTransports } from '../../testing/both-transports.ts';
import { localTransport } from '../../transport/local.ts';
import { MemoryRecords } from '../../environment/record-store.ts';
import type { KeptPlan } from './plan-store.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

type Execution = Output<'computation', 'execute'>;

let workbench: Workbench;
const clients = new Map<string, Client>();
const MODES = ['over the port', 'over REST', 'in the worker'];
let close: () => void;
beforeAll(async () => {
  workbench = await openWorkbench();
  const both = bothTransports(workbench.operations);
  ({ close } = both);
  const inWorker = new Client({ direct: localTransport(workbench.operations), restful: both.restful });
  inWorker.enableRestfulMode(false);
  const all = [new Client({ direct: both.direct, restful: null }), new Client(both), inWorker];
  MODES.forEach((mode, i) => clients.set(mode, all[i]!));
}, 60_000);
afterAll(async () => {
  close();
  await workbench.close();
});

const SEED = {
  id: 'flash_attention_v2',
  plan: { batch_size: 4, kernel: 'flash_attention' },
  example_input: { text: 'Hello world' },
  example_output: { logits: [0.1, 0.2, 0.7] },
};

describe.each(MODES)('%s', (mode) => {
  const client = () => clients.get(mode)!;
  const execute = (input: object): Promise<Execution> => client().post('computation', 'execute', { check_reference: false, ...input });
  const logitsOf = ({ outputs }: Execution): number[] => Array.from(tensorData(outputs['logits']!), Number);

  test('the design’s plan is kept, answered in one form, changed in either, run, and fails by the number of its logits', async () => {
    const kept = await rolesOf(client()).designer.createExecutionPlan(SEED);
    const { plan, ...rest } = SEED;
    expect(kept).toMatchObject({ ...rest, ...plan, name: SEED.id, seq_len: 64, decode_tokens: 16, problems: [] });
    expect(kept).not.toHaveProperty('plan');
    expect(await client().get('computation', `plans/${SEED.id}`)).toEqual(kept);
    expect(await client().put('computation', `plans/${SEED.id}`, { plan: { decode_tokens: 2 } })).toMatchObject({
      ...plan,
      decode_tokens: 2,
    });
    expect(await client().put('computation', `plans/${SEED.id}`, { kernel: 'naive' })).toMatchObject({ kernel: 'naive', decode_tokens: 2 });
    const { example, used } = await execute({ plan_id: SEED.id });
    expect(example).toEqual({
      passed: false,
      logits: null,
      problems: [
        {
          path: '/example_output/logits',
          message: 'has 3 values; the model gives 2048, one for each token. Say with logits_at which tokens these are for.',
        },
      ],
    });
    expect(used!.fallbacks.map(({ field }) => field)).toContain('batch_size');
    await client().delete('computation', `plans/${SEED.id}`);
  });

  test('an unknown name in the nested plan is refused with the one that was meant, and keeps nothing', async () => {
    for (const [name, meant] of [
      ['kernal', 'kernel'],
      ['batchSize', 'batch_size'],
      ['sequence_length', 'seq_len'],
      ['max_new_tokens', 'decode_tokens'],
    ]) {
      const call = () => client().post('computation', 'plans', { id: 'wrong', plan: { [name!]: 4 } } as never);
      await expect(call()).rejects.toMatchObject({ code: 'validation_failed', message: expect.stringContaining(`did you mean ${meant}?`) });
    }
    await expect(client().get('computation', 'plans/wrong')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a field in both places, or neither name nor id, is refused by name', async () => {
    const both = () => client().post('computation', 'plans', { id: 'wrong', plan: { kernel: 'naive' }, batch_size: 2 });
    await expect(both()).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: '/batch_size' }] });
    const unnamed = () => client().post('computation', 'plans', { plan: { kernel: 'naive' } });
    await expect(unnamed()).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: '/name' }] });
  });

  test('logits are held against those of the run: whole, by sequence, or at chosen tokens', async () => {
    const plan = { kernel: 'naive', decode_tokens: 1 };
    const example_input = { text: ['Once upon a time', 'The little dog'] };
    const first = await execute({ plan, example_input });
    expect(first.example).toBeNull();
    const all = logitsOf(first);
    const rows = [all.slice(0, 2048), all.slice(2048)];
    const heldAgainst = async (example_output: object) => (await execute({ plan, example_input, example_output })).example!;
    expect(await heldAgainst({ logits: rows, token_ids: first.token_ids })).toMatchObject({
      passed: true,
      problems: [],
      logits: { tolerance: 1e-3 },
    });
    const at = [7, 3, 2000];
    const chosen = rows.map((row) => at.map((id) => row[id]!));
    expect(await heldAgainst({ logits: chosen, logits_at: at })).toMatchObject({ passed: true, problems: [] });
    const off = [chosen[0]!, [chosen[1]![0]!, chosen[1]![1]! + 0.5, chosen[1]![2]!]];
    const failed = await heldAgainst({ logits: off, logits_at: at });
    expect(failed).toMatchObject({ passed: false, logits: { passed: false, worst: { index: [1, 1] } } });
    expect(failed.logits!.max_abs_error).toBeCloseTo(0.5, 4);
    expect(failed.problems).toEqual([
      {
        path: '/example_output/logits/1/1',
        message: expect.stringMatching(/; the run gave -?[\d.]+ for token 3, 0\.5\d* apart\. 0\.001 is tolerated\.$/),
      },
    ]);
    expect(await heldAgainst({ logits: off, logits_at: at, tolerance: 0.6 })).toMatchObject({ passed: true });
    expect(await heldAgainst({ logits: rows[0] })).toMatchObject({
      passed: false,
      problems: [{ path: '/example_output/logits', message: 'has 1 list of values; the run has 2 sequences, each with its own.' }],
    });
    expect(await heldAgainst({ logits: chosen, logits_at: [7, 3, 2048] })).toMatchObject({
      passed: false,
      problems: [{ path: '/example_output/logits_at/2', message: 'is 2048; the model has 2048 tokens.' }],
    });
    const [one] = first.token_ids!;
    expect(await heldAgainst({ token_ids: [one, [one![0]! + 1]] })).toMatchObject({
      passed: false,
      problems: [{ path: '/example_output/token_ids/1/0' }],
    });
  }, 20_000);

  test('a text is read as generate reads it; one that gives no prompt is refused at its place', async () => {
    const { token_ids } = await execute({ plan: { kernel: 'naive', decode_tokens: 4 }, example_input: { text: 'Once upon a time' } });
    const { choices } = await client().post('model', 'generate', {
      prompt: 'Once upon a time',
      max_new_tokens: 4,
      temperature: 0,
      stream: false,
    });
    expect(token_ids).toEqual([choices[0]!.token_ids]);
    const both = () => execute({ plan: {}, example_input: { text: 'a', input_ids: [1] } });
    await expect(both()).rejects.toMatchObject({ code: 'validation_failed' });
  });

  test('seq_len counts prompt and decoded tokens: 512 fit a context of 512, 513 do not', async () => {
    const { researcher } = rolesOf(client());
    const parameters = { batch_size: 4, kernel: 'flash_attention', memory_strategy: 'dynamic', keep: false, warmup: 0 } as const;
    const { state, runs } = await researcher.runExperiment({ ...parameters, seq_len: 512 });
    expect([state, runs[0]!.state, runs[0]!.error]).toEqual(['done', 'done', null]);
    expect(runs[0]!.metrics!.serving.requests.finished).toBe(4);
    expect(runs[0]!.used).toMatchObject({ batch_size: 4, seq_len: 512, decode_tokens: 16, memory_strategy: 'dynamic' });
    const misspelt = () => client().post('computation', 'experiments', { plan: { seqlen: 8 }, wait: true } as never);
    await expect(misspelt()).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('did you mean seq_len?'),
    });
    const beyond = await researcher.runExperiment({ ...parameters, seq_len: 513 });
    expect(beyond.runs[0]).toMatchObject({ state: 'failed', error: expect.stringContaining('the context of default is 512') });
  }, 60_000);
});

test.each([
  [{ seq_len: 8 }, { seq_len: 8, decode_tokens: 7 }],
  [{ seq_len: 1 }, { seq_len: 1, decode_tokens: 0 }],
  [{ decode_tokens: 200 }, { seq_len: 248, decode_tokens: 200 }],
  [{ seq_len: 8, decode_tokens: 8 }, { problems: [{ path: '/decode_tokens' }] }],
  [{ seq_len: 512, decode_tokens: 0 }, { problems: [{ path: '/seq_len' }] }],
])('a plan of %j is %j', async (plan, wanted) => {
  expect(await clients.get('over REST')!.post('computation', 'plans', { name: 'x', plan, validate_only: true })).toMatchObject(wanted);
});

test('a plan that was kept when seq_len counted the prompt alone runs as it did', async () => {
  const { problems: _, kv_bytes: __, ...old } = await clients.get('over REST')!.get('computation', 'plans/default');
  const plans = new MemoryRecords<KeptPlan>();
  await plans.put({ ...old, id: 'old', built_in: false, seq_len: 32, decode_tokens: 8 });
  const { PlanStore } = await import('./plan-store.ts');
  const store = new PlanStore(plans);
  expect(await store.get('old')).toMatchObject({ seq_len: 40, decode_tokens: 8 });
  await store.update({ id: 'old', name: 'Renamed', validate_only: false });
  expect(await new PlanStore(plans).get('old')).toMatchObject({ name: 'Renamed', seq_len: 40 });
});
